using System.Net;

namespace TwistedPS.Tests;

/// <summary>A server on its own reactor, and a client on another, whose clock stands still if it is to reconnect.</summary>
internal sealed class ClientRig : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly ReconnectPolicy? _reconnect;
    private readonly RunningReactor _running;

    public ClientRig(
        PollerKind poller,
        RecordingHandler? handler = null,
        RecordingHandler? server = null,
        bool isQueued = true,
        ReconnectPolicy? reconnect = null)
    {
        Server = new SocketRig(poller, server ?? RecordingHandler.Echo());
        _reconnect = reconnect;
        _running = new RunningReactor(poller, reconnect is null ? null : _clock);
        Client = NewClient(Server.Server.Port, handler, isQueued: isQueued);
    }

    public SocketRig Server { get; }

    public LineClient Client { get; }

    public Reactor Reactor => _running.Reactor;

    public LineClient NewClient(
        int port, RecordingHandler? handler = null, TimeSpan? connectTimeout = null, bool isQueued = true)
    {
        var options = new ClientOptions
        {
            Host = IPAddress.Loopback.ToString(),
            Port = port,
            ConnectTimeout = connectTimeout ?? Waiting.Limit,
            Reconnect = _reconnect,
        };
        return new LineClient(_running.Reactor, options, new LineFormat(), handler) { IsQueued = isQueued };
    }

    public Task ConnectAsync() => Client.ConnectAsync(CancellationToken.None).Soon();

    public void Send(string text) => _running.Invoke(() => Client.Connection!.Send(text));

    public async Task<string> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(Waiting.Limit);
        string line;
        while (!Client.TryReceive(out line))
            Assert.True(await Client.WaitForMessageAsync(limit.Token), "The connection ended instead.");
        return line;
    }

    public void Do(Action work) => _running.Invoke(work);

    public void Until(Func<bool> condition) => _running.Until(condition);

    /// <summary>Advances the clock, and runs two turns for what is then due.</summary>
    public void Advance(double seconds)
    {
        Do(() => _clock.Advance(TimeSpan.FromSeconds(seconds)));
        Do(() => { });
        Do(() => { });
    }

    /// <summary>
    /// Advances the clock in steps until the condition holds, however late its cause began to wait for the clock.
    /// </summary>
    public void AdvanceUntil(double seconds, Func<bool> condition) => Until(() =>
    {
        if (!condition())
            _clock.Advance(TimeSpan.FromSeconds(seconds));
        return condition();
    });

    /// <summary>Ends the client's reactor.</summary>
    public void DisposeReactor() => _running.Dispose();

    public void Dispose()
    {
        if (!Reactor.IsStopped)
        {
            _running.Invoke(() => Client.Connection?.Abort());
            _running.Dispose();
        }

        Server.Dispose();
    }
}
