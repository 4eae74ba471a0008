using System.Net;

namespace TwistedPS.Tests;

/// <summary>A server on a reactor of its own, and a client on another.</summary>
internal sealed class ClientRig : IDisposable
{
    private readonly RunningReactor _running;

    public ClientRig(
        PollerKind poller, RecordingHandler? handler = null, RecordingHandler? server = null, bool isQueued = true)
    {
        Server = new SocketRig(poller, server ?? RecordingHandler.Echo());
        _running = new RunningReactor(poller);
        Client = NewClient(Server.Server.Port, handler, isQueued: isQueued);
    }

    public SocketRig Server { get; }

    public LineClient Client { get; }

    public LineClient NewClient(
        int port, RecordingHandler? handler = null, TimeSpan? connectTimeout = null, bool isQueued = true)
    {
        var options = new ClientOptions
        {
            Host = IPAddress.Loopback.ToString(),
            Port = port,
            ConnectTimeout = connectTimeout ?? Waiting.Limit,
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

    public void Dispose()
    {
        _running.Invoke(() => Client.Connection?.Abort());
        _running.Dispose();
        Server.Dispose();
    }
}
