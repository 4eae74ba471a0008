namespace TwistedPS.Tests;

public sealed class HostAddressTests
{
    [Theory]
    [InlineData("localhost", "localhost", 8000)]
    [InlineData("localhost:1", "localhost", 1)]
    [InlineData("cars.example.org:65535", "cars.example.org", 65535)]
    [InlineData("127.0.0.1", "127.0.0.1", 8000)]
    [InlineData("127.0.0.1:080", "127.0.0.1", 80)]
    [InlineData("::1", "::1", 8000)]
    [InlineData("::", "::", 8000)]
    [InlineData("2001:db8::5", "2001:db8::5", 8000)]
    [InlineData("::1:9000", "::1:9000", 8000)]
    [InlineData("fe80::1%1", "fe80::1%1", 8000)]
    [InlineData("[::1]", "::1", 8000)]
    [InlineData("[::1]:9000", "::1", 9000)]
    [InlineData("[2001:db8::5]:1", "2001:db8::5", 1)]
    [InlineData("[::ffff:127.0.0.1]:1", "::ffff:127.0.0.1", 1)]
    [InlineData("bücher.example:9", "bücher.example", 9)]
    [InlineData(" localhost:9\t", "localhost", 9)]
    [InlineData("unix:/run/x.sock", "/run/x.sock", 0)]
    [InlineData("Unix:@name", "@name", 0)]
    public void An_address_is_read(string text, string host, int port)
    {
        Assert.True(HostAddress.TryParse(text, 8000, out HostAddress? address));
        Assert.Equal(new HostAddress(host, port), address);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(":")]
    [InlineData(":8000")]
    [InlineData(" :8000")]
    [InlineData("a:")]
    [InlineData("unix:")]
    [InlineData("a:0")]
    [InlineData("a:65536")]
    [InlineData("a:99999")]
    [InlineData("a:100000")]
    [InlineData("a:99999999999999999999")]
    [InlineData("a:-1")]
    [InlineData("a:+1")]
    [InlineData("a: 1")]
    [InlineData("a:1 2")]
    [InlineData("a:0x1")]
    [InlineData("a:١")]
    [InlineData("a:http")]
    [InlineData("a:b:c")]
    [InlineData("a:1:2")]
    [InlineData("http://a:8000")]
    [InlineData("[]")]
    [InlineData("[]:1")]
    [InlineData("[a]")]
    [InlineData("[a]:1")]
    [InlineData("[127.0.0.1]:1")]
    [InlineData("[::1")]
    [InlineData("::1]")]
    [InlineData("::1]:1")]
    [InlineData("[::1]:")]
    [InlineData("[::1]:0")]
    [InlineData("[::1]:65536")]
    [InlineData("[::1]1")]
    [InlineData("[[::1]]:1")]
    [InlineData("[::1]:1:2")]
    [InlineData("a[::1]:1")]
    public void What_is_no_address_is_refused(string text)
    {
        Assert.False(HostAddress.TryParse(text, 8000, out HostAddress? address));
        Assert.Null(address);
    }

    [Theory]
    [InlineData("a", "a:8000")]
    [InlineData("a:1", "a:1")]
    [InlineData("127.0.0.1:1", "127.0.0.1:1")]
    [InlineData("::1", "[::1]:8000")]
    [InlineData("[::1]:1", "[::1]:1")]
    public void Its_text_can_be_read_again(string text, string expected)
    {
        Assert.True(HostAddress.TryParse(text, 8000, out HostAddress? address));
        Assert.Equal(expected, address.ToString());
        Assert.True(HostAddress.TryParse(expected, 1, out HostAddress? again));
        Assert.Equal(address, again);
    }
}
