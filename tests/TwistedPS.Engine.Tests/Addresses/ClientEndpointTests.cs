using System.Net;

namespace TwistedPS.Tests;

public sealed class ClientEndpointTests
{
    [Theory]
    [InlineData("localhost", "localhost", null)]
    [InlineData("::1", "::1", null)]
    [InlineData("10.0.0.1", "10.0.0.1", null)]
    [InlineData("tcp", "tcp", null)]
    [InlineData("localhost:80", "localhost", 80)]
    [InlineData(" localhost:80 ", "localhost", 80)]
    [InlineData("[::1]:80", "::1", 80)]
    [InlineData("1234", "localhost", 1234)]
    [InlineData(":1234", "localhost", 1234)]
    [InlineData("tcp:localhost:80", "localhost", 80)]
    [InlineData("tcp:host=h:port=80", "h", 80)]
    [InlineData("tcp:host=h:80", "h", 80)]
    [InlineData("tcp:h:port=80", "h", 80)]
    [InlineData("tcp:port=80:h", "h", 80)]
    [InlineData("tcp:[::1]:80", "::1", 80)]
    [InlineData(@"tcp:\:\:1:80", "::1", 80)]
    [InlineData("tcp:host=::1:port=80", "::1", 80)]
    public void A_place_of_TCP_has_a_host_and_a_port(string text, string host, int? port) =>
        Assert.Equal(new EndpointString { Text = text, Kind = EndpointKind.Tcp, Host = host, Port = port }, EndpointString.ParseClient(text));

    [Theory]
    [InlineData("tcp:host:80:timeout=5:bindAddress=192.0.2.100", "192.0.2.100")]
    [InlineData("tcp:host:80:bindAddress=::1:timeout=5", "::1")]
    [InlineData("tls:host:80:5:192.0.2.100", "192.0.2.100")]
    [InlineData("tls:host:80:timeout=5:bindAddress=[::1]", "::1")]
    public void A_time_limit_and_a_local_address_may_follow(string text, string local)
    {
        EndpointString place = EndpointString.ParseClient(text);
        Assert.Equal(("host", 80, TimeSpan.FromSeconds(5), IPAddress.Parse(local)), (place.Host, place.Port, place.Timeout, place.BindAddress));
    }

    [Theory]
    [InlineData("unix:/x", null)]
    [InlineData("unix:path=/x", null)]
    [InlineData("unix:path=/x:lockfile=1:timeout=9", 9)]
    [InlineData("unix:/x:timeout=9", 9)]
    public void A_UNIX_socket_has_a_path_and_perhaps_a_time_limit(string text, int? seconds)
    {
        EndpointString place = EndpointString.ParseClient(text);
        Assert.Equal((EndpointKind.Unix, "/x", seconds), (place.Kind, place.Path, (int?)place.Timeout?.TotalSeconds));
        Assert.Equal(new HostAddress("/x", 0), place.Server);
    }

    [Theory]
    [InlineData("ssl:host:443:certKey=c.pem:privateKey=k.pem:caCertsDir=/ca:hostname=name")]
    [InlineData("tls:host:443:certificate=c.pem:privateKey=k.pem:trustRoots=/ca:hostname=name")]
    public void A_place_of_TLS_names_its_files(string text) => Assert.Equal(
        new EndpointString
        {
            Text = text,
            Kind = EndpointKind.Tls,
            Host = "host",
            Port = 443,
            CertificatePath = "c.pem",
            KeyPath = "k.pem",
            TrustPath = "/ca",
            ServerName = "name",
        },
        EndpointString.ParseClient(text));

    [Theory]
    [InlineData("*:80", "'*' is no host")]
    [InlineData("localhost:0", "the port '0' is no number from 1 to 65535")]
    [InlineData("tcp:80", "it has no port")]
    [InlineData("tcp:port=80", "it has no host")]
    [InlineData("tcp::80", "its host is empty")]
    [InlineData("tcp:::1:80", "'1' is one argument too many; the colons of a value are written '\\:'")]
    [InlineData("tcp:h:80:5", "'5' is one argument too many; the colons of a value are written '\\:'")]
    [InlineData("tcp:h:80:timeout=0", "the timeout '0' is no number from 1 to 4000000")]
    [InlineData("tcp:h:80:timeout=soon", "the timeout 'soon' is no number from 1 to 4000000")]
    [InlineData("tcp:h:80:bindAddress=h", "the bindAddress 'h' is no IP address")]
    [InlineData("tcp:h:80:interface=h", "'tcp' has no argument 'interface'; it has host, port, timeout, bindAddress")]
    [InlineData("tls:h:443:endpoint=tcp\\:h\\:443", "'tls' has no argument 'endpoint'; it has host, port, timeout, bindAddress, certificate, privateKey, trustRoots, certKey, caCertsDir, hostname")]
    [InlineData("unix:", "its path is empty")]
    [InlineData("host:80:timeout=5", "'host' is no kind of endpoint; there are tcp, tls, ssl, unix, udp")]
    public void What_is_no_place_to_connect_to_is_refused_with_its_reason(string text, string reason)
    {
        FormatException error = Assert.Throws<FormatException>(() => EndpointString.ParseClient(text));
        Assert.Equal(
            $"'{text}' is no place to connect to: {reason}. Give 'host:port', or an endpoint string such as 'tcp:localhost:80' or 'unix:/run/x.sock'.",
            error.Message);
    }
}
