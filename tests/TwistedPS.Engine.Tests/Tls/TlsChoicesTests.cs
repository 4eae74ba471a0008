using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace TwistedPS.Tests;

public sealed class TlsChoicesTests
{
    private static readonly X509Certificate2 s_other = TestCertificates.Make("other", TestCertificates.Authority);

    [Theory]
    [InlineData("a.example", "CN=a.example")]
    [InlineData("A.EXAMPLE", "CN=a.example")]
    [InlineData("b.example", "CN=any.example")]
    [InlineData("c.b.example", "CN=other")]
    [InlineData("elsewhere", "CN=other")]
    [InlineData("127.0.0.1", "CN=other")]
    public async Task The_certificate_goes_by_the_name_that_the_client_asks_for(string host, string subject)
    {
        var named = new ServerCertificates(
        [
            ("a.example", TestCertificates.Own(TestCertificates.Make("a.example", null))),
            ("*", TestCertificates.Own(s_other)),
            ("*.example", TestCertificates.Own(TestCertificates.Make("any.example", null))),
        ]);
        SslStreamPair made = await SslStreamPair.Make(new ServerTlsChoices(named), new ClientTlsChoices(host) { SkipsCheck = true });
        Assert.Equal(subject, made.ServerCertificate!.Subject);
    }

    [Fact]
    public async Task Without_one_for_anything_else_the_first_is_it()
    {
        var named = new ServerCertificates([("a", TestCertificates.Own(s_other)), ("b", TestCertificates.Own(TestCertificates.Server))]);
        SslStreamPair made = await SslStreamPair.Make(new ServerTlsChoices(named), new ClientTlsChoices("c") { SkipsCheck = true });
        Assert.Equal("CN=other", made.ServerCertificate!.Subject);
    }

    [Fact]
    public async Task Protocols_are_agreed_on_and_the_server_prefers_its_first()
    {
        ServerTlsChoices server = TestCertificates.ServerWith(TestCertificates.Server) with { ApplicationProtocols = ["imap", "http/1.1"] };
        ClientTlsChoices client = TestCertificates.ClientThatTrusts(TestCertificates.Authority) with { ApplicationProtocols = ["http/1.1", "imap"] };
        Assert.Equal("imap", (await SslStreamPair.Make(server, client)).Protocol);
        Assert.False((await SslStreamPair.Make(server, client with { ApplicationProtocols = ["h2"] })).Succeeded);
        Assert.Equal("", (await SslStreamPair.Make(server, client with { ApplicationProtocols = [] })).Protocol);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Versions_are_those_that_are_chosen(SslProtocols version)
    {
        ServerTlsChoices server = TestCertificates.ServerWith(TestCertificates.Server) with { Versions = version };
        ClientTlsChoices client = TestCertificates.ClientThatTrusts(TestCertificates.Authority);
        Assert.Equal(version, (await SslStreamPair.Make(server, client)).Version);
        SslProtocols other = SslProtocols.Tls12 ^ SslProtocols.Tls13 ^ version;
        Assert.False((await SslStreamPair.Make(server, client with { Versions = other })).Succeeded);
    }

    [Fact]
    public void Times_and_the_beginning_are_passed_on()
    {
        ServerTlsChoices server = TestCertificates.ServerWith(TestCertificates.Server) with { OnRequest = true, HandshakeTimeout = TimeSpan.FromSeconds(3) };
        Assert.Equal((true, TimeSpan.FromSeconds(3)), (server.ToSettings().OnRequest, server.ToSettings().HandshakeTimeout));
        TlsClientSettings client = new ClientTlsChoices("x").ToSettings();
        Assert.Equal((false, TimeSpan.FromSeconds(10)), (client.OnRequest, client.HandshakeTimeout));
        Assert.Equal(TimeSpan.FromSeconds(3), (new ClientTlsChoices("x") { HandshakeTimeout = TimeSpan.FromSeconds(3) }).ToSettings().HandshakeTimeout);
    }
}
