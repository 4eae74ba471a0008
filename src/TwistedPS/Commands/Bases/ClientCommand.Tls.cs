using System.Management.Automation;
using System.Security;
using System.Security.Authentication;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

// The parameters of TLS.
public abstract partial class ClientCommand : IClientTlsParameters
{
    /// <summary>Connects with TLS. Any other parameter of TLS implies it.</summary>
    [Parameter]
    public SwitchParameter Tls { get; set; }

    /// <summary>The name to ask the server for and to find in its certificate; the ComputerName by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(HostCompleter))]
    [ValidateNotNullOrEmpty]
    public string? TlsHost { get; set; }

    /// <summary>Accepts any certificate of the server.</summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>
    /// The certificate to show to a server that asks for one: an X509Certificate2, the path of a PFX file, or of a PEM file that
    /// also has the intermediate certificates.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(CertificatePathCompleter))]
    [ValidateNotNullOrEmpty]
    public object? Certificate { get; set; }

    /// <summary>The path of the PEM file of the certificate's private key; by default it is in the same file.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CertificatePathCompleter))]
    [ValidateNotNullOrEmpty]
    public string? CertificateKey { get; set; }

    /// <summary>The password of the PFX file or of the encrypted private key.</summary>
    [Parameter]
    [ValidateNotNull]
    public SecureString? CertificatePassword { get; set; }

    /// <summary>
    /// The root certificates that the peer's is checked against, or the paths of PEM files of them; those of the system by
    /// default.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(CertificatePathCompleter))]
    [ValidateNotNullOrEmpty]
    public object[] TrustedCertificate { get; set; } = [];

    /// <summary>The paths of lists of revoked certificates (CRL), in PEM or DER, which are read once.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CertificatePathCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] RevocationList { get; set; } = [];

    /// <summary>The versions of TLS; those that the system prefers by default.</summary>
    [Parameter]
    [ValidateSet(nameof(SslProtocols.Tls12), nameof(SslProtocols.Tls13))]
    public SslProtocols[] TlsVersion { get; set; } = [];

    /// <summary>The protocols to agree on (ALPN), such as http/1.1, the preferred first; none by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ApplicationProtocolCompleter))]
    [ValidateLength(1, 255)]
    public string[] ApplicationProtocol { get; set; } = [];

    /// <summary>The longest time of a TLS handshake; 10 s by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    public TimeSpan? HandshakeTimeout { get; set; }

    /// <summary>Connects in plain text, until Start-ReactorTls or $Connection.StartTls().</summary>
    [Parameter]
    public SwitchParameter StartTls { get; set; }
}
