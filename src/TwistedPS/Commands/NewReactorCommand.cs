using System.Management.Automation;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary><para type="synopsis">Makes a reactor besides the session's own.</para></summary>
[Cmdlet(VerbsCommon.New, "Reactor")]
[OutputType(typeof(Reactor))]
public sealed class NewReactorCommand : TwistedCommand
{
    /// <summary><para type="description">Run handlers in this session, while Wait-Reactor or another cmdlet waits.</para></summary>
    [Parameter]
    public SwitchParameter Foreground { get; set; }

    /// <summary><para type="description">How the reactor waits for its sockets.</para></summary>
    [Parameter]
    public PollerKind Poller { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            ReactorHost host = Foreground
                ? new ForegroundReactor(Session, Poller)
                : new BackgroundReactor(Session, Host, Poller);
            WriteObject(host.Reactor);
        }
        catch (PlatformNotSupportedException e)
        {
            ThrowTerminatingError(Errors.PollerMissing(e));
        }
    }
}
