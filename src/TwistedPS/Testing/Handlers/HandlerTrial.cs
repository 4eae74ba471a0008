using System.Buffers;
using System.Management.Automation;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Services;
using TwistedPS.Engine.Transports;
using TwistedPS.Scripting;

namespace TwistedPS.Testing;

/// <summary>One variation of a conversation with a server in memory, from its start to its stop, by the clock of its reactor.</summary>
/// <param name="host">The reactor of the server.</param>
/// <param name="server">The server, not started yet.</param>
/// <param name="cancel">Ends it at once.</param>
internal sealed class HandlerTrial(ForegroundReactor host, Server server, CancellationToken cancel)
{
    // Of the fake clock: for answers that timers give, and for connections that stay open.
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_longestWork = TimeSpan.FromSeconds(30);

    private readonly TrialPeer _peer = new();
    private readonly List<int> _replied = [];
    private Transport? _near;
    private Connection? _connection;
    private Exception? _failure;

    private EventLoop Loop => host.Reactor.Loop;

    private bool IsOver => _connection is null or { Status: ConnectionStatus.Closed };

    /// <exception cref="RuntimeException">OnStart has failed.</exception>
    public TrialOutcome Run(PSCmdlet cmdlet, Conversation conversation, HandlerVariation variation, int bytes)
    {
        var outcome = new TrialOutcome(default, [0], CloseReason.None, []);
        host.Do(
            cmdlet,
            () =>
            {
                Start();
                if (_failure is not null)
                    return;
                Talk(conversation.SegmentsOf(variation, bytes));
                End(variation == HandlerVariation.Reset);
                outcome = new TrialOutcome(_peer.Reply, _replied, IsOver ? _connection?.CloseReason ?? CloseReason.None : CloseReason.None, []);
                server.StopAsync(TimeSpan.Zero);
                Turn();
                outcome = outcome with { Errors = [.. server.Errors.Reverse().Select(Describe)] };
            },
            cancel);
        return _failure is null ? outcome : throw _failure;
    }

    private static string Describe(HandlerError error) =>
        $"{error.Handler} has failed: {VisibleText.JoinLines(error.Message)}{(error.Where is null ? "" : $" ({error.Where})")}";

    private void Start()
    {
        Loop.Post(() =>
        {
            try
            {
                server.Start();
                (_near, Transport far) = MemoryPair.Create(Loop);
                _connection = server.Serve(far);
                _near.Start(_peer);
            }
            catch (RuntimeException e)
            {
                _failure = e;
            }
        });
        Turn();
    }

    private void Talk(IEnumerable<ReadOnlyMemory<byte>> segments)
    {
        _replied.Add(_peer.Reply.Length);
        foreach (ReadOnlyMemory<byte> segment in segments)
        {
            _near!.Output?.Write(segment.Span);
            Turn();
            _replied.Add(_peer.Reply.Length);
        }
    }

    private void End(bool isReset)
    {
        if (isReset)
            _near!.Abort(CloseReason.Aborted);
        else
            _near!.EndOutput();
        Turn();
        TimeSpan end = Clock?.Elapsed + s_longest ?? TimeSpan.Zero;
        while (!IsOver && !cancel.IsCancellationRequested && (WaitForWork() || Advance(end)))
            Turn();
    }

    private ManualClock? Clock => host.Reactor.TimeProvider as ManualClock;

    /// <summary>Waits for what handlers have begun beside the reactor, in real time.</summary>
    /// <returns>False if there is nothing.</returns>
    private bool WaitForWork()
    {
        if (_connection is not { IsHeld: true })
            return false;

        // What has ended just now has left its result to the loop.
        if (!host.Session.Workers.IsBusy)
            return Loop.Iterate();
        using ITimer asking = RealTime.Every(TimeSpan.FromMilliseconds(1), () => Loop.Post(() => { }));
        return Loop.Run(() => !host.Session.Workers.IsBusy, s_longestWork, cancel);
    }

    /// <returns>False if nothing is due until then.</returns>
    private bool Advance(TimeSpan end)
    {
        if (Clock is not { } clock || Loop.NextStop(clock) is not { } stop || stop > end)
            return false;
        clock.AdvanceTo(stop);
        return true;
    }

    private void Turn() => Loop.RunUntilIdle(null, cancel);
}
