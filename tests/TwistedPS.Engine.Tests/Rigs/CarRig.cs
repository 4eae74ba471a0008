using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TwistedPS.Tests;

/// <summary>A server of cars that a test plays itself, and a query that asks it.</summary>
internal sealed class CarRig : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly RunningReactor _running;
    private Socket? _peer;

    public CarRig(PollerKind poller, TimeProvider? time = null)
    {
        _running = new RunningReactor(poller, time);
        _listener.Start();
        Log = new ReactorLog(_running.Reactor.TimeProvider, "Cars");
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ReactorLog Log { get; }

    public CancellationTokenSource Cancel { get; } = new();

    public LineClient[] Clients => [.. _running.Reactor.Services.OfType<LineClient>()];

    public Task<CarReply> Ask(int? port = null, TimeSpan? timeout = null) => CarQuery.AskAsync(
        _running.Reactor, new HostAddress("127.0.0.1", port ?? Port), timeout ?? Waiting.Limit, Log, Cancel.Token);

    public async Task<Socket> AcceptAsync() => _peer = await _listener.AcceptSocketAsync().Soon();

    /// <summary>Sends, and waits until the query has read it.</summary>
    public void Send(string text)
    {
        long before = _running.Invoke(() => Clients.Single().BytesIn);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        _peer!.Send(bytes);
        Until(() => Clients.Single().BytesIn == before + bytes.Length);
    }

    public void Until(Func<bool> condition) => _running.Until(condition);

    public void Dispose()
    {
        _listener.Dispose();
        _peer?.Dispose();
        _running.Dispose();
        Cancel.Dispose();
    }
}
