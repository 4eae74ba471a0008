using System.Net;
using System.Net.Sockets;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Datagrams;

/// <summary>
/// What sends over a datagram socket from the thread of one loop, with a queue for what the system has no room for. Other loops
/// may have senders over the same socket and the same queue. On the loop's thread only.
/// </summary>
internal sealed class DatagramSender : IDatagramSender
{
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromMilliseconds(1);

    private readonly EventLoop _loop;
    private readonly Socket _socket;
    private readonly DatagramQueue _queue;
    private readonly IDatagramReceiver _owner;
    private readonly bool _isLinux;
    private readonly bool _mayGather;
    private readonly UnsentDatagram _sendAlone;
    private ITimer? _retry;
    private LinuxAnswers? _answers;
    private bool _gathers;

    /// <param name="loop">The loop.</param>
    /// <param name="socket">The socket, which may be closed meanwhile.</param>
    /// <param name="queue">The queue for what can't be sent at once.</param>
    /// <param name="owner">Told of what is sent, and what can't be.</param>
    public DatagramSender(EventLoop loop, Socket socket, DatagramQueue queue, IDatagramReceiver owner)
    {
        (_loop, _socket, _queue, _owner, _sendAlone) = (loop, socket, queue, owner, SendAlone);
        _isLinux = loop.Poller is EpollPoller;

        // The answers of a UNIX socket may be refused, each for a reason of its own.
        _mayGather = _isLinux && socket.AddressFamily != AddressFamily.Unix;
    }

    private bool IsClosed => _socket.SafeHandle.IsClosed;

    public void BeginAnswers() => _gathers = _mayGather;

    public void EndAnswers()
    {
        _gathers = false;
        SendAnswers();
    }

    public void Answer(ReadOnlySpan<byte> data, SocketAddress? to)
    {
        if (!_gathers || to is null)
        {
            Send(data, to);
            return;
        }

        _answers ??= new LinuxAnswers(SocketAddress.GetMaximumAddressSize(_socket.AddressFamily));
        if (_answers.TryAdd(data, to))
            return;
        SendAnswers();
        if (!_answers.TryAdd(data, to))
            Send(data, to);
    }

    public void Send(ReadOnlySpan<byte> data, SocketAddress? to)
    {
        SendAnswers();
        SendOrQueue(data, to);
    }

    private void SendOrQueue(ReadOnlySpan<byte> data, SocketAddress? to)
    {
        if (!_queue.HasFor(to) && TrySend(data, to))
            return;
        if (!_queue.TryAdd(data, to))
            _owner.Dropped("The system has no room for what is sent, and the send buffer is full");
        RetryLater();
    }

    /// <summary>Sends what has waited, as far as there is room.</summary>
    private void SendQueued()
    {
        if (IsClosed)
            return;
        _queue.Send(TrySendQueued);
        if (_queue.IsEmpty)
            _owner.Drained();
        else
            RetryLater();
    }

    private void SendAnswers()
    {
        if (_answers is { Count: > 0 } && !IsClosed)
            _answers.Send(_socket, _owner, _sendAlone);
    }

    private void SendAlone(ReadOnlySpan<byte> data, SocketAddress to)
    {
        try
        {
            SendOrQueue(data, to);
        }
        catch (SocketException e)
        {
            _owner.Failed(e);
        }
    }

    /// <returns>False if the system has no room.</returns>
    private bool TrySend(ReadOnlySpan<byte> data, SocketAddress? to)
    {
        SocketError error = SendNow(data, to);

        // The refusal is of an earlier datagram, and told once; this one was not sent yet.
        if (error == SocketError.ConnectionRefused && to is null)
        {
            _owner.Failed(new SocketException((int)error));
            error = SendNow(data, to);
        }

        if (error is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable)
            return false;
        if (error != SocketError.Success)
            throw new SocketException((int)error);
        _owner.Sent(data.Length);
        return true;
    }

    private bool TrySendQueued(byte[] data, SocketAddress? to)
    {
        try
        {
            return TrySend(data, to);
        }
        catch (SocketException e)
        {
            _owner.Dropped($"A datagram can't be sent: {e.Message}");
            return true;
        }
    }

    private SocketError SendNow(ReadOnlySpan<byte> data, SocketAddress? to) =>
        _isLinux ? LinuxDatagrams.Send(_socket, data, to) : PortableDatagrams.Send(_socket, data, to);

    /// <summary>
    /// Tries again soon. No poller is asked for room: the portable one could only send by itself, to one peer, and for a UNIX
    /// socket that answers many peers the kernel says that there is room while one of them has none.
    /// </summary>
    private void RetryLater()
    {
        _retry?.Dispose();
        _retry = RealTime.After(s_retryAfter, () => _loop.Post(SendQueued));
    }
}
