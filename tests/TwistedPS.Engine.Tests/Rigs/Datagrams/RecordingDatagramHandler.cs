using System.Collections.Concurrent;

namespace TwistedPS.Tests;

/// <summary>A handler of datagrams that notes what happens, and does what a test wants besides.</summary>
internal sealed class RecordingDatagramHandler : IDatagramHandler
{
    private readonly ConcurrentQueue<string> _events = new();

    public string[] Events => [.. _events];

    /// <summary>What arrived, with its sender.</summary>
    public ConcurrentQueue<(DatagramPeer Peer, byte[] Data)> Arrived { get; } = new();

    public Action<DatagramService>? OnStart { get; init; }

    public Action<DatagramPeer, byte[]>? OnDatagram { get; set; }

    /// <summary>One that sends everything back.</summary>
    public static RecordingDatagramHandler Echo() => new() { OnDatagram = (peer, data) => peer.Send(data) };

    public bool Has(string happened) => _events.Contains(happened);

    public void Started(DatagramService service)
    {
        _events.Enqueue("started");
        OnStart?.Invoke(service);
    }

    public void Received(DatagramBatch datagrams)
    {
        while (datagrams.NextCall())
        {
            Arrived.Enqueue((datagrams.Peer, datagrams.Current));
            OnDatagram?.Invoke(datagrams.Peer, datagrams.Current);
        }
    }

    public void Failed(DatagramService service, Exception error) =>
        _events.Enqueue($"failed: {((System.Net.Sockets.SocketException)error).SocketErrorCode}");

    public void Stopped(DatagramService service) => _events.Enqueue("stopped");
}
