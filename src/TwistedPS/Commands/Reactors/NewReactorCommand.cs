using System.Management.Automation;
using System.Net.Sockets;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Creates a reactor besides the session's own.</summary>
[Cmdlet(VerbsCommon.New, "Reactor")]
[OutputType(typeof(Reactor))]
public sealed class NewReactorCommand : TwistedCommand
{
    /// <summary>Runs handlers in this session, while Wait-Reactor or another cmdlet waits.</summary>
    [Parameter]
    public SwitchParameter Foreground { get; set; }

    /// <summary>
    /// With -Foreground: uses a clock for tests, which moves only with Wait-Reactor -Advance (Twisted's task.Clock).
    /// </summary>
    [Parameter]
    public SwitchParameter FakeClock { get; set; }

    /// <summary>The way that the reactor waits for its sockets.</summary>
    [Parameter]
    public PollerKind Poller { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (FakeClock && !Foreground)
            ThrowTerminatingError(Errors.FakeClockNeedsForeground());
        try
        {
            ReactorHost host = Foreground
                ? new ForegroundReactor(Session, Poller, FakeClock ? new ManualClock() : null)
                : new BackgroundReactor(Session, Host, Poller);
            WriteObject(host.Reactor);
        }
        catch (Exception e) when (e is PlatformNotSupportedException or SocketException)
        {
            ThrowTerminatingError(Errors.PollerMissing(e));
        }
    }
}
