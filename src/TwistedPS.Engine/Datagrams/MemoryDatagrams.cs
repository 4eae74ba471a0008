using System.Net;
using System.Net.Sockets;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Datagrams;

/// <summary>
/// One end of datagrams that never leave the process: a server's, or that of one of its peers. On the loop's thread only, unless a
/// member says otherwise.
/// </summary>
internal sealed class MemoryDatagrams : IDatagramCarrier, IDatagramSender
{
    private readonly EventLoop _loop;
    private readonly IDatagramReceiver _owner;
    private readonly SocketAddress? _remote;
    private readonly Queue<(byte[] Data, SocketAddress From)> _arrived = new();
    private bool _isReading;
    private bool _isQueued;
    private bool _isClosed;

    /// <param name="loop">The loop of both ends.</param>
    /// <param name="memory">All ends.</param>
    /// <param name="owner">The receiver of datagrams and errors.</param>
    /// <param name="local">The address of this end.</param>
    /// <param name="remote">That of its peer; null for a server, which has none of its own.</param>
    public MemoryDatagrams(EventLoop loop, DatagramMemory memory, IDatagramReceiver owner, IPEndPoint local, IPEndPoint? remote)
    {
        (_loop, Memory, _owner) = (loop, memory, owner);
        (Local, _remote) = (local.Serialize(), remote?.Serialize());
        LocalAddress = remote is null ? Address.Memory : Address.From(local);
    }

    public DatagramMemory Memory { get; }

    public SocketAddress Local { get; }

    public Address LocalAddress { get; }

    public bool IsConnected => _remote is not null;

    public Multicast? Multicast => null;

    public SocketAddress AddressOf(Address address) => (address.EndPoint as IPEndPoint)?.Serialize()
        ?? throw new SocketException((int)SocketError.AddressFamilyNotSupported);

    public void Resume() => _loop.Do(() =>
    {
        _isReading = true;
        QueueIfReady();
    });

    public void Pause() => _loop.Do(() => _isReading = false);

    public bool TryReceive(out ReadOnlySpan<byte> data, out SocketAddress from)
    {
        data = default;
        from = Local;
        if (!_isReading || _isClosed || !_arrived.TryDequeue(out (byte[] Data, SocketAddress From) next))
            return false;
        data = next.Data;
        from = next.From;
        return true;
    }

    public IDatagramSender SenderOn(EventLoop loop) => this;

    /// <summary>Sends a datagram. On the thread of any loop.</summary>
    public void Send(ReadOnlySpan<byte> data, SocketAddress? to)
    {
        byte[] sent = data.ToArray();
        _loop.Do(() => Send(sent, to));
    }

    public void Answer(ReadOnlySpan<byte> data, SocketAddress? to) => Send(data, to);

    public void BeginAnswers()
    {
        // Nothing is gained by waiting.
    }

    public void EndAnswers()
    {
        // None have waited.
    }

    public void Dispose()
    {
        _isClosed = true;
        Memory.Remove(Local);
    }

    private void Send(byte[] data, SocketAddress? to)
    {
        if (Memory.Find(to ?? _remote!) is { } receiver)
            receiver.Arrive(data, Local);
        else if (to is null)
            _owner.Failed(new SocketException((int)SocketError.ConnectionRefused));
        _owner.Sent(data.Length);
    }

    private void Arrive(byte[] data, SocketAddress from)
    {
        if (_remote is not null && !SocketAddressComparer.Instance.Equals(from, _remote))
            return;
        _arrived.Enqueue((data, from));
        QueueIfReady();
    }

    /// <summary>Reports what has arrived in a turn of its own, as a poller would, and again for as long as there is some.</summary>
    private void QueueIfReady()
    {
        if (_isQueued || _isClosed || !_isReading || _arrived.Count == 0)
            return;
        _isQueued = true;
        _loop.Post(() =>
        {
            _isQueued = false;
            if (_isClosed)
                return;
            try
            {
                _owner.Ready();
            }
            finally
            {
                QueueIfReady();
            }
        });
    }
}
