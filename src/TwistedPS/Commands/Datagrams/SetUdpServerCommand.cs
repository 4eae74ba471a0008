using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Replaces handlers of a running UDP server, which goes on receiving.</summary>
/// <remarks>
/// Handlers that are not given stay as they are. The new ones share the scope of the old ones, with its $script: variables. A
/// server without a handler for datagrams, whose datagrams wait for Receive-Datagram, gets none.
/// </remarks>
[Cmdlet(VerbsCommon.Set, "UdpServer", SupportsShouldProcess = true, HelpUri = Pages + "Set-UdpServer.md")]
[OutputType(typeof(DatagramServer))]
public sealed class SetUdpServerCommand : SetServerCommand<DatagramServer>
{
    /// <summary>The servers, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<DatagramServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<DatagramServer>))]
    [AllowEmptyCollection]
    public Alive<DatagramServer>[] Server { get; set; } = [];

    /// <summary>The new handler for datagrams.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(NoCompleter))]
    public ScriptBlock? OnDatagram { get; set; }

    private protected override Alive<DatagramServer>[] Servers => Server;

    private protected override (string Parameter, ScriptBlock? Script)[] NewHandlers => [(nameof(OnDatagram), OnDatagram)];

    private protected override (Scripts Scripts, Action Apply)? Renew(ReactorHost host, DatagramServer server)
    {
        if (server.IsQueued && OnDatagram is not null)
        {
            WriteError(Errors.DatagramsWait(server));
            return null;
        }

        var old = (DatagramScripts)server.HandlerOn(host.Reactor);
        var scripts = new DatagramScripts(host, old.Scope, "Server")
        {
            Format = old.Format,
            IsText = old.IsText,
            OnDatagram = Capture(old, OnDatagram, old.OnDatagram),
            OnError = Capture(old, OnError, old.OnError),
            OnStop = Capture(old, OnStop, old.OnStop),
        };
        return (scripts, () => server.Replace(scripts, host.Reactor));
    }
}
