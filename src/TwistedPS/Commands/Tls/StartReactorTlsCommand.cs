using System.Management.Automation;
using System.Net.Sockets;
using System.Security.Authentication;
using TwistedPS.Completers;
using TwistedPS.Engine.Streams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Begins TLS on the connection of a client that speaks in plain text so far, once its server has agreed to that (STARTTLS;
/// Twisted's startTLS), and waits for the handshake.
/// </summary>
/// <remarks>
/// A protocol such as SMTP begins in plain text, and its client asks for TLS; once the server has said yes, this begins it.
/// Everything that is sent afterwards is encrypted; what the server has sent in plain text behind its answer is dropped. It
/// outputs nothing. A handshake that fails is an error such as CertificateUntrusted, HandshakeFailed or HandshakeTimeout, which
/// does not end the cmdlet but closes the connection.
/// </remarks>
[Cmdlet(VerbsLifecycle.Start, "ReactorTls", HelpUri = Pages + "Start-ReactorTls.md")]
public sealed class StartReactorTlsCommand : TlsClientCommand
{
    /// <summary>The client, or its number or name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<Client>]
    [ArgumentCompleter(typeof(ServiceCompleter<Client>))]
    public Alive<Client>? Client { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (this.FindOne(Client!) is not { } client)
            return;
        ReactorHost host = HostOf(client.Reactor);
        bool hasOwn = client.TlsSettings is not null && !TlsReader.IsGivenTo(this);
        Task handshake = client.StartTlsAsync(hasOwn ? null : new TlsReader(this).Read(this, client.Host));

        // A handler on the same reactor can't wait for it.
        if (!host.Reactor.IsCurrent)
            Wait(client, host, handshake);
    }

    private void Wait(Client client, ReactorHost host, Task handshake)
    {
        WaitFor(host, handshake, null, $"Beginning TLS with {client.Host}:{client.Port}", "");
        try
        {
            handshake.GetAwaiter().GetResult();
        }
        catch (NotConnectedException e)
        {
            WriteError(Errors.NotConnected(client, e.Message));
        }
        catch (Exception e) when (e is InvalidOperationException or AuthenticationException or TimeoutException or IOException or SocketException)
        {
            WriteError(Errors.StartTlsFailed(e, client));
        }
    }
}
