using System.Management.Automation;
using System.Net;
using System.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TwistedPS.Completers;
using TwistedPS.Engine.Tls;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>
/// Makes a certificate with its private key for tests, of a server, of a client (-Client), or of an authority that signs others
/// (-CertificateAuthority, -Issuer).
/// </summary>
/// <remarks>
/// It outputs an X509Certificate2, for -Certificate and -TrustedCertificate. Nobody trusts it unless told to, so it is for
/// tests and for peers of one's own. Its key is of an elliptic curve. With -Path it is written to a file, too, with its private
/// key, which only its owner can read. A subject or time that is wrong ends the cmdlet with CertificateNotMade, a file that
/// can't be written with CertificateNotWritten.
/// </remarks>
[Cmdlet(VerbsCommon.New, "ReactorCertificate", HelpUri = Pages + "New-ReactorCertificate.md")]
[OutputType(typeof(X509Certificate2))]
public sealed class NewReactorCertificateCommand : TwistedCommand
{
    private static readonly string[] s_local = ["localhost", "127.0.0.1", "::1"];

    /// <summary>
    /// The names and IP addresses of the server; those of this machine on loopback by default: localhost, 127.0.0.1 and ::1.
    /// </summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(HostCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] DnsName { get; set; } = [];

    /// <summary>The distinguished name, such as CN=somebody; made of the first name by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Subject { get; set; }

    /// <summary>The time that it is valid for, such as 30d; 365 days by default, or up to the end of its issuer.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    public TimeSpan? ValidFor { get; set; }

    /// <summary>The time from which it is valid; an hour ago by default, for clocks that differ.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    public DateTime? NotBefore { get; set; }

    /// <summary>The time up to which it is valid, in place of -ValidFor.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    public DateTime? NotAfter { get; set; }

    /// <summary>The authority that signs it, with its private key; by default it signs itself.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public X509Certificate2? Issuer { get; set; }

    /// <summary>Makes an authority, which signs others.</summary>
    [Parameter]
    public SwitchParameter CertificateAuthority { get; set; }

    /// <summary>Makes a certificate of a client.</summary>
    [Parameter]
    public SwitchParameter Client { get; set; }

    /// <summary>The file to write it to: PFX if its name ends with .pfx or .p12, PEM otherwise.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The PEM file to write its private key to; with the certificate by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? KeyPath { get; set; }

    /// <summary>The password to encrypt the written private key with; it is not encrypted by default.</summary>
    [Parameter]
    [ValidateNotNull]
    public SecureString? Password { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Path is null)
            this.RefuseParameter([nameof(KeyPath), nameof(Password)], "without -Path");
        if (NotAfter is not null)
            this.RefuseParameter([nameof(ValidFor)], "with -NotAfter");
        if (CertificateAuthority)
            this.RefuseParameter([nameof(Client)], "with -CertificateAuthority");
        X509Certificate2 made = Make();
        if (Path is not null)
            Write(made, GetUnresolvedProviderPathFromPSPath(Path));
        WriteObject(made);
    }

    private X509Certificate2 Make()
    {
        string[] names = DnsName.Length > 0 || Subject is not null || CertificateAuthority || Client ? DnsName : s_local;
        string name = names.FirstOrDefault() ?? (CertificateAuthority ? "Test authority" : "Test client");
        try
        {
            DateTimeOffset from = NotBefore ?? DateTimeOffset.Now.AddHours(-1);
            return new NewCertificate
            {
                Subject = Subject ?? $"CN={name}",
                Names = names,
                NotBefore = from,
                NotAfter = NotAfter ?? EndOf(from),
                Issuer = Issuer,
                IsAuthority = CertificateAuthority,
                IsForClient = Client,
            }.Make();
        }
        catch (CertificateException e)
        {
            ThrowTerminatingError(Errors.CertificateUnusable(e));
            throw;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            ThrowTerminatingError(Errors.CertificateNotMade(Subject ?? name, e));
            throw;
        }
    }

    private DateTimeOffset EndOf(DateTimeOffset from)
    {
        DateTimeOffset end = from + (ValidFor ?? TimeSpan.FromDays(365));
        return ValidFor is null && Issuer is not null && Issuer.NotAfter < end ? Issuer.NotAfter : end;
    }

    private void Write(X509Certificate2 made, string path)
    {
        string? password = Password is null ? null : new NetworkCredential("", Password).Password;
        bool isPfx = System.IO.Path.GetExtension(path).ToUpperInvariant() is ".PFX" or ".P12";
        if (isPfx)
            this.RefuseParameter([nameof(KeyPath)], "with a PFX file, which has the private key in it");
        try
        {
            if (isPfx)
                CertificateWriter.WritePfx(made, Issuer, path, password);
            else
                CertificateWriter.WritePem(made, Issuer, path, KeyPath is null ? null : GetUnresolvedProviderPathFromPSPath(KeyPath), password);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(Errors.CertificateNotWritten(path, e));
        }
    }
}
