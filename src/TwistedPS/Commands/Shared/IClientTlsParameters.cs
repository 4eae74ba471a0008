using System.Management.Automation;

namespace TwistedPS.Commands;

/// <summary>The parameters of a client's TLS.</summary>
internal interface IClientTlsParameters : ITlsParameters
{
    // For a client that is connected already, all is said.
    SwitchParameter Tls => true;

    SwitchParameter StartTls => false;

    string? TlsHost { get; }

    SwitchParameter SkipCertificateCheck { get; }
}
