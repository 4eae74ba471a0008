namespace TwistedPS.Tests;

public sealed class ServerEndpointTests
{
    [Theory]
    [InlineData("1234", null, 1234)]
    [InlineData(" 1234 ", null, 1234)]
    [InlineData("0", null, 0)]
    [InlineData("65535", null, 65535)]
    [InlineData(":1234", null, 1234)]
    [InlineData("*:80", "*", 80)]
    [InlineData("localhost:80", "localhost", 80)]
    [InlineData("127.0.0.1:80", "127.0.0.1", 80)]
    [InlineData("[::1]:80", "::1", 80)]
    [InlineData("[fe80::1%2]:80", "fe80::1%2", 80)]
    [InlineData("db-1.test:0", "db-1.test", 0)]
    [InlineData("tcp:80", null, 80)]
    [InlineData("TCP:80", null, 80)]
    [InlineData("tcp:port=80", null, 80)]
    [InlineData("tcp:80:interface=127.0.0.1", "127.0.0.1", 80)]
    [InlineData("tcp:80:Interface=127.0.0.1", "127.0.0.1", 80)]
    [InlineData("tcp:80:127.0.0.1", "127.0.0.1", 80)]
    [InlineData("tcp:interface=localhost:80", "localhost", 80)]
    [InlineData(@"tcp:80:interface=\:\:1", "::1", 80)]
    [InlineData("tcp:80:interface=::1", "::1", 80)]
    [InlineData("tcp:80:interface=[::1]", "::1", 80)]
    [InlineData("tcp:80:[::1]", "::1", 80)]
    [InlineData("tcp:interface=::1:port=80", "::1", 80)]
    [InlineData("tcp:80:interface=::", "::", 80)]
    [InlineData("tcp:80:interface=2001:db8::2", "2001:db8::2", 80)]
    [InlineData("tcp:80:interface=", "*", 80)]
    [InlineData("tcp:80:interface=*", "*", 80)]
    public void A_place_of_TCP_has_a_port_and_perhaps_an_interface(string text, string? address, int port)
    {
        EndpointString place = EndpointString.ParseServer(text);
        Assert.Equal(new EndpointString { Text = text, Kind = EndpointKind.Tcp, Interface = address, Port = port }, place);
        Assert.Equal(text, place.ToString());
    }

    [Theory]
    [InlineData("tcp:80:backlog=5", null, 5)]
    [InlineData("tcp:80:interface=::1:backlog=50", "::1", 50)]
    [InlineData("tcp:80:localhost:5", "localhost", 5)]
    public void A_backlog_may_follow(string text, string? address, int backlog)
    {
        EndpointString place = EndpointString.ParseServer(text);
        Assert.Equal((address, 80, backlog), (place.Interface, place.Port, place.Backlog));
    }

    [Theory]
    [InlineData("unix:/run/x.sock", "/run/x.sock")]
    [InlineData("UNIX:x", "x")]
    [InlineData("unix:address=/run/x.sock", "/run/x.sock")]
    [InlineData("unix:@name", "@name")]
    [InlineData(@"unix:C\:\\x", @"C:\x")]
    [InlineData(@"unix:/a\=b\:c\\d\e", @"/a=b:c\de")]
    [InlineData("unix:/a[1]", "/a[1]")]
    [InlineData("unix:/with space", "/with space")]
    public void A_UNIX_socket_has_a_path(string text, string path) =>
        Assert.Equal(new EndpointString { Text = text, Kind = EndpointKind.Unix, Path = path }, EndpointString.ParseServer(text));

    [Theory]
    [InlineData("unix:/x:mode=660:lockfile=0:backlog=7")]
    [InlineData("unix:/x:0660:7:1")]
    [InlineData("unix:lockfile=1:backlog=7:mode=660:/x")]
    public void A_UNIX_socket_may_have_a_mode_and_a_backlog_and_a_lock_file_which_has_no_effect(string text)
    {
        EndpointString place = EndpointString.ParseServer(text);
        UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        Assert.Equal(("/x", mode, 7), (place.Path, place.Mode, place.Backlog));
    }

    [Theory]
    [InlineData("ssl:443:privateKey=k.pem:certKey=c.pem:extraCertChain=m.pem:sslmethod=TLSv1_2_METHOD:dhParameters=d.pem:interface=::1:backlog=5")]
    [InlineData("tls:443:k.pem:c.pem:TLSv1_2_METHOD:[::1]:5:m.pem:d.pem")]
    [InlineData("tls:443:certificate=c.pem:privateKey=k.pem:interface=::1:backlog=5:extraCertChain=m.pem:sslmethod=TLSv1_2_METHOD")]
    public void A_place_of_TLS_names_its_files(string text) => Assert.Equal(
        new EndpointString
        {
            Text = text,
            Kind = EndpointKind.Tls,
            Port = 443,
            Interface = "::1",
            Backlog = 5,
            KeyPath = "k.pem",
            CertificatePath = "c.pem",
            ChainPath = "m.pem",
            Method = "TLSv1_2_METHOD",
        },
        EndpointString.ParseServer(text));

    [Fact]
    public void A_place_of_UDP_has_a_port_and_perhaps_an_interface() => Assert.Equal(
        new EndpointString { Text = "udp:514:interface=::", Kind = EndpointKind.Udp, Port = 514, Interface = "::" },
        EndpointString.ParseServer("udp:514:interface=::"));

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("  ", "it is empty")]
    [InlineData("localhost", "it has no port")]
    [InlineData("::1", "it has no port")]
    [InlineData("/run/x.sock", "it has no port")]
    [InlineData("70000", "the port '70000' is no number from 0 to 65535")]
    [InlineData("-1", "it has no port")]
    [InlineData("localhost:http", "the port 'http' is no number from 0 to 65535 (http is 80)")]
    [InlineData("http", "it has no port (http is 80)")]
    [InlineData("localhost:", "the port '' is no number from 0 to 65535")]
    [InlineData(":", "the port '' is no number from 0 to 65535")]
    [InlineData("[localhost]:80", "'localhost' is no IPv6 address")]
    [InlineData("tcp:", "the port '' is no number from 0 to 65535")]
    [InlineData("tcp:interface=::1", "it has no port")]
    [InlineData("tcp:٣", "the port '٣' is no number from 0 to 65535")]
    [InlineData("tcp:80:foo=1", "'tcp' has no argument 'foo'; it has port, interface, backlog")]
    [InlineData("tcp:80:port=81", "it has two values for port")]
    [InlineData("tcp:80:backlog=1:backlog=2", "it has two values for backlog")]
    [InlineData("tcp:80:backlog=0", "the backlog '0' is no number from 1 to 65535")]
    [InlineData("tcp:80:localhost:5:6", "'6' is one argument too many; the colons of a value are written '\\:'")]
    [InlineData("tcp:80:interface=[::1", "a bracket is not closed")]
    [InlineData("tcp:80:interface=[]", "'' is no IPv6 address")]
    [InlineData("unix:", "its address is empty")]
    [InlineData("unix:/x:mode=999", "the mode '999' is not octal, such as 660")]
    [InlineData("unix:/x:mode=", "the mode '' is not octal, such as 660")]
    [InlineData("unix:/x:mode=1777", "the mode '1777' is not octal, such as 660")]
    [InlineData("unix:/x:lockfile=2", "the lockfile '2' is no number from 0 to 1")]
    [InlineData(@"unix:/x\", "it ends in a backslash, which escapes the character after it")]
    [InlineData("unix:/x:timeout=5", "'unix' has no argument 'timeout'; it has address, mode, backlog, lockfile")]
    [InlineData("stdio:x=1", "'stdio' is no kind of endpoint; there are tcp, tls, ssl, unix, udp")]
    [InlineData("systemd:domain=INET:index=0", "'systemd' is no kind of endpoint; there are tcp, tls, ssl, unix, udp")]
    public void What_is_no_place_to_listen_is_refused_with_its_reason(string text, string reason)
    {
        FormatException error = Assert.Throws<FormatException>(() => EndpointString.ParseServer(text));
        Assert.Equal(
            $"'{text}' is no place to listen: {reason}. Give a port, 'host:port', or an endpoint string such as 'tcp:80:interface=::1' or 'unix:/run/x.sock'.",
            error.Message);
    }

    [Fact]
    public void Any_text_is_a_place_or_is_refused_with_a_reason()
    {
        string[] pieces =
        [
            "tcp", "tls", "ssl", "unix", "udp", ":", ":", ":", "=", "\\", "[", "]", "::1", "*", "80", "70000", "-1", "host", "port", "interface",
            "backlog", "mode", "660", "timeout", "bindAddress", "127.0.0.1", "path", "address", "/x", "@", " ", "\0", "\n", "é", "\ud800", "privateKey", "%",
        ];
        var random = new Random(13);
        for (int i = 0; i < 100_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
            Parse(EndpointString.ParseServer, text, least: 0);
            Parse(EndpointString.ParseClient, text, least: 1);
        }
    }

    private static void Parse(Func<string, EndpointString> parse, string text, int least)
    {
        try
        {
            EndpointString place = parse(text);
            Assert.True(place.Path?.Length > 0 || place.Port is null || (place.Port >= least && place.Port <= 65535), text);
            Assert.Equal(place.Kind == EndpointKind.Unix, place.Path is not null);
        }
        catch (FormatException e)
        {
            Assert.StartsWith($"'{text}' is no place to ", e.Message, StringComparison.Ordinal);
        }
    }
}
