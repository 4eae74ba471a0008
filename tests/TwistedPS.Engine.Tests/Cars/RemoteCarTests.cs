namespace TwistedPS.Tests;

public sealed class RemoteCarTests
{
    private static readonly HostAddress s_server = new("a", 8000);

    [Theory]
    [InlineData("97264836:peugeot:red", 97264836, "peugeot", "red")]
    [InlineData("0:a:b", 0, "a", "b")]
    [InlineData("-1:a:b", -1, "a", "b")]
    [InlineData("9223372036854775807:a:b", long.MaxValue, "a", "b")]
    [InlineData("1:citroën:bleu foncé", 1, "citroën", "bleu foncé")]
    public void A_record_is_a_car(string record, long time, string brand, string color)
    {
        Assert.True(RemoteCar.TryParse(record, s_server, out RemoteCar? car));
        Assert.Equal((time, brand, color), (car.Time, car.Brand, car.Color));
        Assert.Equal(("a", 8000), (car.ComputerName, car.Port));
        Assert.Equal(record, car.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1:a")]
    [InlineData("1:a:b:c")]
    [InlineData("1:a:b:")]
    [InlineData(":a:b")]
    [InlineData("1::b")]
    [InlineData("1:a:")]
    [InlineData("::")]
    [InlineData("x:a:b")]
    [InlineData("1,5:a:b")]
    [InlineData("1e3:a:b")]
    [InlineData(" 1:a:b")]
    [InlineData("9223372036854775808:a:b")]
    public void A_malformed_record_is_none(string record)
    {
        Assert.False(RemoteCar.TryParse(record, s_server, out RemoteCar? car));
        Assert.Null(car);
    }
}
