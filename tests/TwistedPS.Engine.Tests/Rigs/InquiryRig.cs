using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TwistedPS.Tests;

/// <summary>A server of records, played by the test itself, and an inquiry to it.</summary>
internal sealed class InquiryRig : IDisposable
{
    private static readonly LineFormat s_format = new() { Delimiter = LineDelimiter.Parse("."), DeliversCutOff = true };

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly RunningReactor _running;
    private Socket? _peer;

    public InquiryRig(PollerKind poller, TimeProvider? time = null)
    {
        _running = new RunningReactor(poller, time);
        _listener.Start();
        Log = new ReactorLog(_running.Reactor.TimeProvider, "Records");
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ReactorLog Log { get; }

    public CancellationTokenSource Cancel { get; } = new();

    public LineClient[] Clients => [.. _running.Reactor.Services.OfType<LineClient>()];

    public Task<Reply> Ask(int? port = null, TimeSpan? timeout = null, int maxReplyLength = 1 << 20) => Inquiry.AskAsync(
        _running.Reactor,
        new HostAddress("127.0.0.1", port ?? Port),
        new InquiryOptions { Name = "Inquiry", Format = s_format, MaxReplyLength = maxReplyLength, Timeout = timeout ?? Waiting.Limit },
        Log,
        Cancel.Token);

    public async Task<Socket> AcceptAsync() => _peer = await _listener.AcceptSocketAsync().Soon();

    /// <summary>Sends text, and waits until the inquiry has read it.</summary>
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
