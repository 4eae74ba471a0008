using System.Management.Automation;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Makes a reactor besides the session's own.</summary>
[Cmdlet(VerbsCommon.New, "Reactor")]
[OutputType(typeof(Reactor))]
public sealed class NewReactorCommand : TwistedCommand
{
    /// <summary>Run handlers in this session, while Wait-Reactor or another cmdlet waits.</summary>
    [Parameter]
    public SwitchParameter Foreground { get; set; }

    /// <summary>How the reactor waits for its sockets.</summary>
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
