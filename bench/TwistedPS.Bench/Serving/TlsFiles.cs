using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TwistedPS.Bench;

/// <summary>The certificate of the servers, and its key, in a folder of their own for as long as this process lives.</summary>
internal static class TlsFiles
{
    public const string Name = "bench.test";

    /// <summary>The variable that tells a server the folder with <c>certificate.pem</c> and <c>key.pem</c>.</summary>
    public const string Variable = "TWISTEDPS_BENCH_TLS";

    public static string Folder { get; } = Make();

    private static string Make()
    {
        string folder = Directory.CreateTempSubdirectory("twistedps-bench").FullName;
        using RSA key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={Name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Name);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(Path.Combine(folder, "certificate.pem"), certificate.ExportCertificatePem());
        string keyFile = Path.Combine(folder, "key.pem");
        File.WriteAllText(keyFile, "");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
