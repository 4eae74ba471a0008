using System.Net;

namespace TwistedPS.Tests;

public sealed class AddressRangeTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.255.0.1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("10.0.0.0/8", "::1", false)]
    [InlineData(" 192.168.1.0/24 ", "192.168.1.77", true)]
    [InlineData("192.168.1.128/25", "192.168.1.127", false)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("::/0", "2001:db8::1", true)]
    [InlineData("::/0", "203.0.113.9", false)]
    [InlineData("::1", "::1", true)]
    [InlineData("::1", "::2", false)]
    [InlineData("fe80::/10", "fe80::1%3", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::", false)]
    [InlineData("::ffff:10.0.0.0/104", "10.1.2.3", true)]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7", true)]
    [InlineData("::ffff:0:0/96", "203.0.113.9", true)]
    public void A_range_has_the_addresses_with_its_first_bits(string range, string address, bool isIn)
    {
        var list = new AddressList([AddressRange.Parse(range)], []);
        Assert.Equal(isIn, list.Allows(Peer(address)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("10")]
    [InlineData("10.1")]
    [InlineData("0x0a.0.0.1")]
    [InlineData("010.0.0.1")]
    [InlineData("10.0.0.1:80")]
    [InlineData("[::1]")]
    [InlineData("[::1]:80")]
    [InlineData("fe80::1%3")]
    [InlineData("256.0.0.1")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("*")]
    public void What_is_no_range_is_refused(string text) =>
        Assert.StartsWith($"'{text}' is not a range of addresses.", Failure(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("10.0.0.0/", 32)]
    [InlineData("10.0.0.0/33", 32)]
    [InlineData("10.0.0.0/-1", 32)]
    [InlineData("10.0.0.0/+8", 32)]
    [InlineData("10.0.0.0/ 8", 32)]
    [InlineData("10.0.0.0/255.0.0.0", 32)]
    [InlineData("::/129", 128)]
    [InlineData("::/x", 128)]
    public void A_length_that_is_none_is_refused(string text, int most) =>
        Assert.Equal($"'{text}' has no length of 0 to {most} bits after the slash.", Failure(text));

    [Fact]
    public void Bits_after_the_length_are_refused_with_what_may_be_meant()
    {
        Assert.Equal(
            "'10.0.0.1/8' has bits set after its first 8. Write '10.0.0.0/8', or '10.0.0.1' for one address.", Failure("10.0.0.1/8"));
        Assert.Equal(
            "'2001:db8::1/33' has bits set after its first 33. Write '2001:db8::/33', or '2001:db8::1' for one address.", Failure("2001:db8::1/33"));
    }

    [Fact]
    public void Any_length_is_that_of_the_bits_that_count()
    {
        var random = new Random(14);
        foreach (int bytes in new[] { 4, 16 })
        {
            for (int prefix = 0; prefix <= 8 * bytes; prefix++)
            {
                var inside = new byte[bytes];
                random.NextBytes(inside);
                IPNetwork range = AddressRange.Around(new IPAddress(inside), prefix);
                Assert.Equal(range, AddressRange.Parse($"{range}"));
                Assert.True(range.Contains(new IPAddress(inside)));
                if (prefix == 0)
                    continue;
                inside[(prefix - 1) / 8] ^= (byte)(128 >> ((prefix - 1) % 8));
                Assert.False(range.Contains(new IPAddress(inside)));
            }
        }
    }

    [Fact]
    public void A_denied_range_goes_before_an_allowed_one_and_without_allowed_ones_all_others_are()
    {
        IPNetwork[] ten = [AddressRange.Parse("10.0.0.0/8")], host = [AddressRange.Parse("10.0.0.7")];
        var both = new AddressList(ten, host);
        Assert.True(both.Allows(Peer("10.0.0.8")));
        Assert.False(both.Allows(Peer("10.0.0.7")));
        Assert.False(both.Allows(Peer("192.0.2.1")));
        var denied = new AddressList([], host);
        Assert.True(denied.Allows(Peer("192.0.2.1")));
        Assert.False(denied.Allows(Peer("10.0.0.7")));
        Assert.False(denied.Allows(Peer("::ffff:10.0.0.7")));
        Assert.False(new AddressList(host, ten).Allows(Peer("10.0.0.7")));
        Assert.True(AddressList.Everybody.Allows(Peer("192.0.2.1")));
    }

    [Fact]
    public void Peers_without_an_address_are_always_allowed()
    {
        var list = new AddressList([AddressRange.Parse("10.0.0.0/8")], [AddressRange.Parse("0.0.0.0/0"), AddressRange.Parse("::/0")]);
        Assert.True(list.Allows(Address.Memory));
        Assert.True(list.Allows(Address.OfPath("/run/x.sock")));
    }

    private static Address Peer(string address) => Address.From(new IPEndPoint(IPAddress.Parse(address), 1));

    private static string Failure(string text) => Assert.Throws<FormatException>(() => AddressRange.Parse(text)).Message;
}
