using System.Security.Cryptography.X509Certificates;

namespace TwistedPS.Tests;

/// <summary>The certificates of tests.</summary>
internal static class TestCertificates
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.UtcNow;

    /// <summary>An authority.</summary>
    public static X509Certificate2 Authority { get; } = MakeAuthority("the root");

    /// <summary>A certificate of the authority for localhost, and one for a client.</summary>
    public static X509Certificate2 Server { get; } = Make("localhost", Authority);

    public static X509Certificate2 Client { get; } = Make("somebody", Authority, isForClient: true);

    public static X509Certificate2 MakeAuthority(string name, X509Certificate2? issuer = null) => new NewCertificate
    {
        Subject = $"CN={name}",
        Issuer = issuer,
        IsAuthority = true,
        NotBefore = s_now.AddDays(-2),
        NotAfter = s_now.AddDays(2),
    }.Make();

    /// <summary>Makes a certificate that is valid from and up to so many days from now.</summary>
    public static X509Certificate2 Make(
        string name, X509Certificate2? issuer, double from = -1, double upTo = 1, bool isForClient = false) => new NewCertificate
        {
            Subject = $"CN={name}",
            Names = isForClient ? [] : [name],
            Issuer = issuer,
            IsForClient = isForClient,
            NotBefore = s_now.AddDays(from),
            NotAfter = s_now.AddDays(upTo),
        }.Make();

    public static OwnCertificate Own(X509Certificate2 certificate) => OwnCertificate.From(certificate);

    public static ServerTlsChoices ServerWith(X509Certificate2 certificate) => new(new ServerCertificates(Own(certificate)));

    /// <summary>A client of localhost that trusts a root.</summary>
    public static ClientTlsChoices ClientThatTrusts(params X509Certificate2[] roots) =>
        new("localhost") { Trusted = new X509Certificate2Collection(roots) };
}
