using System.Security.Cryptography.X509Certificates;

namespace TwistedPS.Tests;

public sealed class PeerCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_certificate_of_a_trusted_root_for_the_name_is_accepted()
    {
        SslStreamPair made = await Serve(TestCertificates.Server);
        Assert.True(made.Succeeded);
        Assert.Null(made.ServerRefusal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task An_address_is_a_name_too(string address)
    {
        ClientTlsChoices client = TestCertificates.ClientThatTrusts(TestCertificates.Authority) with { Host = address };
        Assert.True((await SslStreamPair.Make(TestCertificates.ServerWith(TestCertificates.Make(address, TestCertificates.Authority)), client)).Succeeded);
        SslStreamPair refused = await SslStreamPair.Make(TestCertificates.ServerWith(TestCertificates.Server), client);
        Assert.Equal(PeerCertificateProblem.CertificateNameMismatch, refused.ServerRefusal!.Problem);
    }

    [Fact]
    public Task One_that_has_expired_is_refused() =>
        Refuses(TestCertificates.Make("localhost", TestCertificates.Authority, -1.5, -1), PeerCertificateProblem.CertificateExpired, "'localhost' .*: it expired on 2");

    [Fact]
    public Task One_that_is_not_valid_yet_is_refused() =>
        Refuses(TestCertificates.Make("localhost", TestCertificates.Authority, 1, 1.5), PeerCertificateProblem.CertificateNotYetValid, "is not valid before 2");

    [Fact]
    public Task One_for_another_name_is_refused() => Refuses(
        TestCertificates.Make("elsewhere", TestCertificates.Authority), PeerCertificateProblem.CertificateNameMismatch, "it is for 'elsewhere', not for 'localhost'");

    [Fact]
    public Task One_that_signs_itself_is_refused() =>
        Refuses(TestCertificates.Make("localhost", null), PeerCertificateProblem.CertificateUntrusted, "it is self-signed and not trusted");

    [Fact]
    public Task One_of_an_unknown_root_is_refused() => Refuses(
        TestCertificates.Make("localhost", TestCertificates.MakeAuthority("nobody")), PeerCertificateProblem.CertificateUntrusted, "its issuer 'nobody' is unknown");

    [Fact]
    public async Task One_with_an_unknown_root_that_is_sent_along_is_refused()
    {
        X509Certificate2 root = TestCertificates.MakeAuthority("nobody");
        var own = new OwnCertificate(TestCertificates.Make("localhost", root), new X509Certificate2Collection(root), null);
        SslStreamPair made = await SslStreamPair.Make(
            new ServerTlsChoices(new ServerCertificates(own)), TestCertificates.ClientThatTrusts(TestCertificates.Authority));
        Assert.Equal(PeerCertificateProblem.CertificateUntrusted, made.ServerRefusal!.Problem);
    }

    [Fact]
    public Task One_for_another_purpose_is_refused() => Refuses(
        new NewCertificate
        {
            Subject = "CN=x",
            Names = ["localhost"],
            Issuer = TestCertificates.Authority,
            IsForClient = true,
            NotBefore = DateTimeOffset.UtcNow.AddDays(-1),
            NotAfter = DateTimeOffset.UtcNow.AddDays(1),
        }.Make(),
        PeerCertificateProblem.CertificateInvalid,
        "it is not usable \\(NotValidForUsage\\)");

    [Fact]
    public async Task All_reasons_are_said_and_the_first_of_them_counts()
    {
        SslStreamPair made = await Serve(TestCertificates.Make("elsewhere", null, -1.5, -1));
        Assert.Equal(PeerCertificateProblem.CertificateExpired, made.ServerRefusal!.Problem);
        Assert.Matches("it expired on .*; it is for 'elsewhere', not for 'localhost'; it is self-signed", made.ServerRefusal.Message);
    }

    [Fact]
    public async Task A_client_that_skips_the_check_accepts_any()
    {
        ClientTlsChoices client = TestCertificates.ClientThatTrusts(TestCertificates.Authority) with { SkipsCheck = true };
        Assert.True((await SslStreamPair.Make(TestCertificates.ServerWith(TestCertificates.Make("elsewhere", null, -1.5, -1)), client)).Succeeded);
    }

    [Fact]
    public async Task One_whose_issuer_is_sent_along_is_accepted()
    {
        X509Certificate2 between = TestCertificates.MakeAuthority("between", TestCertificates.Authority);
        var own = new OwnCertificate(TestCertificates.Make("localhost", between), new X509Certificate2Collection(between), null);
        SslStreamPair made = await SslStreamPair.Make(
            new ServerTlsChoices(new ServerCertificates(own)), TestCertificates.ClientThatTrusts(TestCertificates.Authority));
        Assert.True(made.Succeeded);
    }

    [Theory]
    [InlineData(ClientCertificateMode.None, null, null)]
    [InlineData(ClientCertificateMode.Allow, null, null)]
    [InlineData(ClientCertificateMode.Allow, "known", null)]
    [InlineData(ClientCertificateMode.Allow, "unknown", "CertificateUntrusted")]
    [InlineData(ClientCertificateMode.Require, null, "CertificateMissing")]
    [InlineData(ClientCertificateMode.Require, "known", null)]
    [InlineData(ClientCertificateMode.Require, "unknown", "CertificateUntrusted")]
    [InlineData(ClientCertificateMode.Require, "expired", "CertificateExpired")]
    public async Task A_client_is_served_or_refused_by_its_certificate(ClientCertificateMode mode, string? given, string? refusal)
    {
        X509Certificate2? certificate = given switch
        {
            "known" => TestCertificates.Client,
            "unknown" => TestCertificates.Make("somebody", null, isForClient: true),
            "expired" => TestCertificates.Make("somebody", TestCertificates.Authority, -1.5, -1, isForClient: true),
            _ => null,
        };
        ServerTlsChoices server = TestCertificates.ServerWith(TestCertificates.Server) with
        {
            ClientCertificate = mode,
            Trusted = new X509Certificate2Collection(TestCertificates.Authority),
        };
        ClientTlsChoices client = TestCertificates.ClientThatTrusts(TestCertificates.Authority) with
        {
            Certificate = certificate is null ? null : TestCertificates.Own(certificate),
        };
        SslStreamPair made = await SslStreamPair.Make(server, client);
        Assert.Equal(refusal, made.ClientRefusal?.Problem.ToString());
    }

    [Fact]
    public async Task One_in_a_revocation_list_is_refused_and_the_others_are_not()
    {
        X509Certificate2 revoked = TestCertificates.Make("localhost", TestCertificates.Authority);
        ClientTlsChoices client = TestCertificates.ClientThatTrusts(TestCertificates.Authority) with { Revoked = ListOf(TestCertificates.Authority, revoked) };
        SslStreamPair made = await SslStreamPair.Make(TestCertificates.ServerWith(revoked), client);
        Assert.Equal(PeerCertificateProblem.CertificateRevoked, made.ServerRefusal!.Problem);
        Assert.Contains("it was revoked by 'the root'", made.ServerRefusal.Message, StringComparison.Ordinal);
        Assert.True((await SslStreamPair.Make(TestCertificates.ServerWith(TestCertificates.Server), client)).Succeeded);
    }

    [Fact]
    public async Task One_whose_issuer_is_in_a_revocation_list_is_refused()
    {
        X509Certificate2 between = TestCertificates.MakeAuthority("between", TestCertificates.Authority);
        var own = new OwnCertificate(TestCertificates.Make("localhost", between), new X509Certificate2Collection(between), null);
        ClientTlsChoices client = TestCertificates.ClientThatTrusts(TestCertificates.Authority) with { Revoked = ListOf(TestCertificates.Authority, between) };
        SslStreamPair made = await SslStreamPair.Make(new ServerTlsChoices(new ServerCertificates(own)), client);
        Assert.Contains("its issuer 'between' was revoked by 'the root'", made.ServerRefusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_somebody_else_has_signed_revokes_nothing_and_lets_nobody_pass()
    {
        ClientTlsChoices client = TestCertificates.ClientThatTrusts(TestCertificates.Authority) with { Revoked = ListOf(TestCertificates.MakeAuthority("the root")) };
        SslStreamPair made = await SslStreamPair.Make(TestCertificates.ServerWith(TestCertificates.Server), client);
        Assert.Equal(PeerCertificateProblem.CertificateRevoked, made.ServerRefusal!.Problem);
        Assert.Contains("is not signed by it", made.ServerRefusal.Message, StringComparison.Ordinal);
    }

    private static Task<SslStreamPair> Serve(X509Certificate2 certificate) =>
        SslStreamPair.Make(TestCertificates.ServerWith(certificate), TestCertificates.ClientThatTrusts(TestCertificates.Authority));

    private static async Task Refuses(X509Certificate2 certificate, PeerCertificateProblem problem, string message)
    {
        SslStreamPair made = await Serve(certificate);
        Assert.Equal(problem, made.ServerRefusal!.Problem);
        Assert.Matches(message, made.ServerRefusal.Message);
        Assert.False(made.Succeeded);
    }

    private RevocationLists ListOf(X509Certificate2 issuer, params X509Certificate2[] revoked)
    {
        string path = Path.Combine(_folder, $"{Guid.NewGuid()}.crl");
        File.WriteAllBytes(path, RevocationListTests.Make(issuer, revoked));
        return new RevocationLists([path]);
    }
}
