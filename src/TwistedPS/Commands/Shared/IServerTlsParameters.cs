using System.Management.Automation;

namespace TwistedPS.Commands;

/// <summary>The parameters of a server's TLS.</summary>
internal interface IServerTlsParameters : ITlsParameters
{
    ClientCertificateMode ClientCertificate { get; }

    SwitchParameter StartTls { get; }
}
