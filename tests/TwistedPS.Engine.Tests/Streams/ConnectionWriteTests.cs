using System.Text;

namespace TwistedPS.Tests;

public sealed class ConnectionWriteTests
{
    public static TheoryData<object?, string> Values => new()
    {
        { null, "" },
        { 5, "5" },
        { 'x', "x" },
        { new object[] { (byte)1, 255, 10L }, "\u0001\xFF\n" },
        { new object?[] { "é", null, new byte[] { 2, 3 }, 'z' }, "é\u0002\u0003z" },
        { new List<byte> { 1, 2 }, "\u0001\u0002" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Anything_has_bytes_of_its_own(object? value, string bytes) =>
        Assert.Equal(Encoding.Latin1.GetBytes(bytes), RawOutput.Encode(value, Encoding.Latin1));

    [Fact]
    public void A_number_that_is_no_byte_is_an_error() =>
        Assert.Throws<OverflowException>(() => RawOutput.Encode(new object[] { 256 }, Encoding.UTF8));
}
