using System.Management.Automation;
using System.Net.Sockets;
using System.Security.Authentication;
using TwistedPS.Engine.Addresses;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

// The attempt to connect, and the wait for it.
public abstract partial class ClientCommand
{
    private Recipient? _startedFor;

    /// <summary>Connects a client and outputs it.</summary>
    private protected void Connect(Client client)
    {
        if (ParameterSetName == Again)
            this.RefuseParameter(MyInvocation.BoundParameters.Keys.Where(name => name != Again && GetType().GetProperty(name) is not null), "with -Client");
        ReactorHost host = HostOf(client.Reactor);

        // A handler on the same reactor can't wait for the connection; it learns of it from the client's OnConnect.
        Task connecting = client.ConnectAsync(host.Reactor.IsCurrent ? CancellationToken.None : CancelToken);

        // Its end came to nothing if that was before this attempt.
        (_startedFor as DistantRecipient)?.EndIfOver(client.Dispose);
        if (host.Reactor.IsCurrent || TryWait(client, host, connecting))
            WriteObject(client);
    }

    private bool TryWait(Client client, ReactorHost host, Task connecting)
    {
        WaitFor(host, connecting, null, $"Connecting to {new HostAddress(client.Host, client.Port)}", "");
        try
        {
            connecting.GetAwaiter().GetResult();
            if (!new HostAddress(client.Host, client.Port).IsPath)
                Session.KnownHosts.Add(client.Host);
            return true;
        }
        catch (Exception e) when (e is SocketException or TimeoutException or OperationCanceledException or AuthenticationException or IOException)
        {
            CancelToken.ThrowIfStopped();
            ErrorRecord error = Errors.ConnectFailed(e, client.Host, client.Port);
            if (client.Status != ClientStatus.Disconnected)
            {
                WriteWarning($"{$"{error}".TrimEnd('.')}. It is tried again.");
                return true;
            }

            // Of many that come from a pipeline, the next may succeed.
            if (ParameterSetName != Again && !MyInvocation.ExpectingInput)
                ThrowTerminatingError(error);
            WriteError(error);
            return false;
        }
    }
}
