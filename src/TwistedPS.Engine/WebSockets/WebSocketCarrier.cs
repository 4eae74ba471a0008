using System.Net.Sockets;
using System.Net.WebSockets;
using TwistedPS.Engine.Carriers;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Transports;

namespace TwistedPS.Engine.WebSockets;

/// <summary>
/// A carrier of the bytes of a stream in the messages of a WebSocket. It works on the thread pool, and posts what has
/// happened to the loop.
/// </summary>
internal sealed class WebSocketCarrier : ICarrier
{
    private readonly EventLoop _loop;
    private readonly WebSocket _socket;
    private readonly WebSocketInput _input;
    private readonly WebSocketOutput _output;
    private readonly Action _released;
    private readonly Action _tellReady;
    private readonly Transport _transport;
    private Interest _interest;
    private bool _queued;
    private bool _disposed;

    private WebSocketCarrier(
        EventLoop loop, WebSocket socket, IWebSocketMessages messages, Address local, Address remote, Action<Transport> released)
    {
        (_loop, _socket, LocalAddress, RemoteAddress) = (loop, socket, local, remote);
        _input = new WebSocketInput(loop, socket, messages, Arrived);
        _output = new WebSocketOutput(loop, socket, messages, Sent);
        _tellReady = TellReady;
        _transport = new Transport(loop, this);
        _released = () => released(_transport);
    }

    public Address LocalAddress { get; }

    public Address RemoteAddress { get; }

    public PooledBuffer Unsent => _output.Unsent;

    public int UnsentBytes => Unsent.Length + _output.BytesUnderWay;

    public Action<Interest, int>? Ready { get; set; }

    private bool WantsToRead => (_interest & Interest.Read) != 0;

    /// <summary>Makes a transport of an open WebSocket.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="socket">The WebSocket.</param>
    /// <param name="messages">Its messages.</param>
    /// <param name="local">The address of this side.</param>
    /// <param name="remote">The address of the peer.</param>
    /// <param name="released">Called on any thread when the WebSocket is no longer used.</param>
    public static Transport Open(
        EventLoop loop, WebSocket socket, IWebSocketMessages messages, Address local, Address remote, Action<Transport> released) =>
        new WebSocketCarrier(loop, socket, messages, local, remote, released)._transport;

    public int Receive(Memory<byte> buffer, out SocketError error)
    {
        int count = _input.Read(buffer.Span);
        error = count > 0 ? SocketError.Success
            : _input.IsLost ? SocketError.ConnectionReset
            : _input.HasEnded ? SocketError.Success
            : SocketError.WouldBlock;

        // The next part is received while this one is handled.
        _input.Begin();
        return count;
    }

    public int Send(out SocketError error) => _output.Send(out error);

    public void EndSending() => _output.CloseAsync(CloseCodes.Of(_transport.Reason));

    public void Watch(Interest interest)
    {
        _interest = interest;
        if (WantsToRead && (_input.HasData || _input.HasEnded))
            TellReadyLater();
        else if (WantsToRead)
            _input.Begin();
    }

    public void Dispose(bool abort)
    {
        _disposed = true;
        Unsent.Release();
        _input.Release();
        _ = EndAsync(abort);
    }

    private async Task EndAsync(bool abort)
    {
        if (!abort)
        {
            await _output.CloseAsync(CloseCodes.Of(_transport.Reason)).ConfigureAwait(false);
            await _input.StopAsync().ConfigureAwait(false);
        }

        _socket.Dispose();
        _released();
    }

    private void Arrived()
    {
        if (_disposed)
        {
            _input.Release();
            return;
        }

        if (_input.Fault is { } fault)
            _transport.Close(CloseReason.InvalidMessage, fault);
        TellReady();
    }

    private void Sent(int count)
    {
        if (!_disposed)
            Ready?.Invoke(count > 0 ? Interest.Write : Interest.Failed, count);
    }

    private void TellReadyLater()
    {
        if (_queued)
            return;
        _queued = true;
        _loop.Post(_tellReady);
    }

    private void TellReady()
    {
        _queued = false;
        if (_disposed)
            return;
        if (_input.IsLost)
            Ready?.Invoke(Interest.Failed, 0);
        else if (WantsToRead && (_input.HasData || _input.HasEnded))
            Ready?.Invoke(Interest.Read, 0);
        else if (WantsToRead)
            _input.Begin();
    }
}
