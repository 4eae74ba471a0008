using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Loop;
using TwistedPS.Parameters;
using TwistedPS.Scripting;
using TwistedPS.Testing;

namespace TwistedPS.Commands;

/// <summary>Asserts that a client has received lines, bytes or datagrams, and says what came instead.</summary>
/// <remarks>
/// In a Pester test, <c>$client | Should -HaveReceived 'text'</c>, or -HaveReceivedLine, is the same. What is expected must be the next that the
/// client has received and nobody has asked for yet, or comes next within the time; it is received then, as by Receive-Line. What is not
/// as expected stays to be received, and the error says what it is, whether the connection has ended, and which handler of a
/// server in memory has failed.
/// </remarks>
[Cmdlet(VerbsLifecycle.Assert, "ReceivedMessage", HelpUri = Pages + "Assert-ReceivedMessage.md")]
public sealed class AssertReceivedMessageCommand : TwistedCommand
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);

    private readonly List<object> _received = [];

    /// <summary>
    /// What is expected, one after the other: texts, bytes, regular expressions ([regex]), or scriptblocks that are true for $_. Without
    /// any, something at all.
    /// </summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object?[]? Expected { get; set; }

    /// <summary>The client of lines, bytes or datagrams, or a UDP server without a handler.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowNull]
    public object? Client { get; set; }

    /// <summary>Asserts that what is given has not come, wherever among others; without -Timeout, by now.</summary>
    [Parameter]
    public SwitchParameter Not { get; set; }

    /// <summary>Permits others before and among those that are expected. They stay to be received.</summary>
    [Parameter]
    public SwitchParameter AmongOthers { get; set; }

    /// <summary>
    /// The longest time to wait, in real time; 5 s by default. Where a client in memory has all that its server's handlers have to
    /// say, nothing is waited for.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [Alias("TimeoutSec", "TimeoutSeconds")]
    [TimeoutTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <summary>The reason, for the message of the error.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowEmptyString]
    [AllowNull]
    public string? Because { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        ReceivedMessages? messages = ReceivedMessages.Of(Client is PSObject wrapped ? wrapped.BaseObject : Client);
        if (messages is null)
        {
            ThrowTerminatingError(Errors.NoClient(Client));
            return;
        }

        if (!messages.IsQueued)
            ThrowTerminatingError(messages.Client is Client client ? Errors.HandlerReceives(client) : Errors.HandlerReceives((DatagramService)messages.Client));
        if (messages.Client.Reactor.IsCurrent)
            ThrowTerminatingError(Errors.WouldDeadlock(CommandName, "Assert in the test, not in a handler."));
        Assert(messages);
    }

    private void Assert(ReceivedMessages messages)
    {
        _received.Clear();
        IExpectation expectation = ToExpectation(messages);
        bool isMet = Wait(messages, expectation);
        messages.Return(isMet && !Not ? expectation.Others(_received) : _received);
        if (isMet == Not)
            ThrowTerminatingError(Errors.NotReceived(messages.Client, new ReceivedFailure(messages, expectation, _received, Timeout ?? s_timeout).Describe(Not, Because)));
    }

    private IExpectation ToExpectation(ReceivedMessages messages)
    {
        object[] expected = [.. (Expected ?? []).Select(one => one is PSObject wrapped ? wrapped.BaseObject : one ?? "")];
        return messages.IsStream
            ? new ExpectedStream(expected, AmongOthers || Not, messages.Encoding)
            : new ExpectedMessages(expected, messages.Noun, AmongOthers || Not, messages.Encoding);
    }

    /// <returns>Whether all that is expected has come in time.</returns>
    private bool Wait(ReceivedMessages messages, IExpectation expectation)
    {
        long start = TimeProvider.System.GetTimestamp();
        TimeSpan limit = Timeout ?? (Not ? TimeSpan.Zero : s_timeout);
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(CancelToken);
        try
        {
            Settle(messages);
            while (true)
            {
                while (messages.TryReceive() is { } next)
                    _received.Add(next);
                if (expectation.IsMet(_received) is { } decided)
                    return decided;
                TimeSpan left = limit - TimeProvider.System.GetElapsedTime(start);
                if (left <= TimeSpan.Zero || !MayGoOn(messages) || !WaitForMore(messages, left, wait.Token))
                    return false;
            }
        }
        finally
        {
            wait.Cancel();
        }
    }

    /// <summary>Has what is under way arrive, as far as that needs no time.</summary>
    private void Settle(ReceivedMessages messages)
    {
        if (messages.End is not null)
            return;
        ReactorHost host = HostOf(messages.Client.Reactor);
        if (host is ForegroundReactor { Reactor.IsRunning: false } foreground)
            foreground.RunUntilIdle(this, CancelToken);
        else
            WaitFor(host, host.Reactor.Loop.PostAsync(() => true), "Waiting for what has come", "");
    }

    /// <summary>Whether more can come by itself: in memory, and in this session, only what handlers still owe.</summary>
    private bool MayGoOn(ReceivedMessages messages)
    {
        if (messages.End is not null)
            return false;
        if (Timeout is not null || HostOf(messages.Client.Reactor) is not ForegroundReactor)
            return true;
        return TestClients.ServerOf(messages.Client) switch
        {
            Server server => server.Connections.Any(connection => connection.IsHeld),
            DatagramServer server => server.IsHeld,
            _ => true,
        };
    }

    /// <returns>False if nothing has come in time, or nothing can come.</returns>
    private bool WaitForMore(ReceivedMessages messages, TimeSpan left, CancellationToken cancel)
    {
        Task<bool> more = messages.WaitAsync(cancel);
        return WaitFor(HostOf(messages.Client.Reactor), more, left, $"Waiting for {messages.Client}", "") && more.Result;
    }
}
