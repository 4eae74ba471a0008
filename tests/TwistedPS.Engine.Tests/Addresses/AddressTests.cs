using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Tests;

public sealed class AddressTests
{
    [Theory]
    [InlineData("127.0.0.1", 80, "127.0.0.1", "127.0.0.1:80")]
    [InlineData("::1", 443, "::1", "[::1]:443")]
    [InlineData("::ffff:192.0.2.1", 7, "192.0.2.1", "192.0.2.1:7")]
    public void One_of_IP_is_written_with_its_port(string ip, int port, string host, string text)
    {
        Address address = Address.From(new IPEndPoint(IPAddress.Parse(ip), port));
        Assert.Equal((host, port, text), (address.Host, address.Port, $"{address}"));
    }

    [Fact]
    public void One_of_a_UNIX_socket_is_its_path()
    {
        Address address = Address.From(new UnixDomainSocketEndPoint("/run/x.sock"));
        Assert.Equal(("/run/x.sock", 0, "/run/x.sock"), (address.Host, address.Port, $"{address}"));
    }

    [UnixFact]
    public void One_of_a_UNIX_socket_without_a_file_has_a_name()
    {
        Address address = Address.OfPath("@name");
        Assert.Equal(("@name", "@name", null), (address.Host, $"{address}", address.FilePath));
        Assert.Equal("/run/x.sock", Address.OfPath("/run/x.sock").FilePath);
    }

    [Fact]
    public void One_of_memory_has_no_end_point()
    {
        Assert.Same(Address.Memory, Address.From(null));
        Assert.Equal(("memory", 0, "memory"), (Address.Memory.Host, Address.Memory.Port, $"{Address.Memory}"));
        Assert.Null(Address.Memory.EndPoint);
    }

    [Fact]
    public void Two_that_lead_to_the_same_place_are_equal()
    {
        Address one = Address.From(new IPEndPoint(IPAddress.Loopback, 80));
        Assert.Equal(one, Address.From(new IPEndPoint(IPAddress.Loopback, 80)));
        Assert.NotEqual(one, Address.From(new IPEndPoint(IPAddress.Loopback, 81)));
        Assert.NotEqual(one, Address.Memory);
    }
}
