using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Streams;

/// <summary>
/// The end of a client whose connection's close it holds up, once nothing has been received or sent for a while: a server
/// that keeps its connections open would hold it up for ever. On the reactor's thread only.
/// </summary>
internal sealed class QuietEnd
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly Client _client;
    private readonly IdleTimeout _timeout;
    private long _start;

    public QuietEnd(Client client)
    {
        _client = client;
        _timeout = new IdleTimeout(client.Reactor.Loop, s_limit, LastActivity, End);
        client.Ended += _timeout.Stop;
    }

    /// <summary>Begins to wait, when the client holds up a close.</summary>
    public void Start()
    {
        _start = _client.Reactor.Now;
        _timeout.Start();
    }

    private long LastActivity() => Math.Max(_start, _client.Connection?.Transport?.LastActivity ?? 0);

    private void End()
    {
        _client.ReactorLog.Add(LogLevel.Warning, $"Nothing has come for {s_limit.TotalSeconds} s; what has made it waits to close");
        _client.Dispose();
    }
}
