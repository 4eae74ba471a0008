using System.Text;
using TwistedPS.Engine.Framing;
using TwistedPS.Parameters;
using TwistedPS.Scripting;
using TwistedPS.Testing;

namespace TwistedPS.Commands;

/// <summary>A tester of a server's handlers with all variations of a conversation, for a cmdlet.</summary>
/// <param name="cmdlet">The cmdlet, which has the handlers.</param>
/// <param name="create">Creates a server with them on a reactor.</param>
internal sealed class HandlerTester(TestConnectionCommand cmdlet, Func<ReactorHost, Server> create)
{
    public required Encoding Encoding { get; init; }

    public required Conversation Conversation { get; init; }

    /// <summary>The reply that is expected; null for any.</summary>
    public byte[]? Reply { get; init; }

    public bool IsExhaustive { get; init; }

    public bool MaySpeakAtEnd { get; init; }

    /// <summary>Joins what is written for some messages.</summary>
    public static byte[]? Join<T>(IMessageFormat<T> format, IEnumerable<T>? messages)
    {
        if (messages is null)
            return null;
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        foreach (T message in messages)
            format.Write(buffer, message);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Tests one variation after the other, and returns each result at once.</summary>
    public IEnumerable<HandlerTestResult> Test()
    {
        TrialComparison? comparison = null;
        foreach ((HandlerVariation variation, int bytes) in Variations.Of(Conversation, IsExhaustive))
        {
            cmdlet.CancelToken.ThrowIfStopped();
            if (Try(variation, bytes) is not { } outcome)
                yield break;
            comparison ??= new TrialComparison(Conversation, outcome, Encoding)
            {
                MaySpeakAtEnd = MaySpeakAtEnd || cmdlet.OnEnd is not null,
                MayStayOpen = cmdlet.OnEnd is not null,
                ExpectsErrors = cmdlet.OnError is not null,
                Reply = Reply,
            };
            yield return comparison.Compare(variation, bytes, outcome);
        }
    }

    /// <returns>Null if there is no such reactor, after an error is written.</returns>
    private TrialOutcome? Try(HandlerVariation variation, int bytes)
    {
        if (cmdlet.Reactor is { } given)
            return FindHost(given) is { } host ? Try(host, variation, bytes) : null;
        var own = new ForegroundReactor(cmdlet.Session, PollerKind.Auto, new ManualClock()) { IsSilent = true };
        try
        {
            return Try(own, variation, bytes);
        }
        finally
        {
            own.Shutdown();
        }
    }

    private TrialOutcome Try(ForegroundReactor host, HandlerVariation variation, int bytes)
    {
        Server server = create(host);
        server.ReactorLog.Level = cmdlet.LogLevel;
        cmdlet.OpenLog(server.ReactorLog, cmdlet.LogPath);
        try
        {
            return new HandlerTrial(host, server, cmdlet.CancelToken).Run(cmdlet, Conversation, variation, bytes);
        }
        catch (System.Management.Automation.RuntimeException e) when (e is not System.Management.Automation.PipelineStoppedException)
        {
            cmdlet.ThrowTerminatingError(Errors.HandlerFailed(e, $"The {server} did not start", server));
            throw;
        }
    }

    private ForegroundReactor? FindHost(Alive<Reactor> given)
    {
        if (cmdlet.FindHost(given) is not { } host)
            return null;
        if (host is not ForegroundReactor { Reactor.IsRunning: false })
            cmdlet.ThrowTerminatingError(Errors.NotForeground(host.Reactor));
        return (ForegroundReactor)host;
    }
}
