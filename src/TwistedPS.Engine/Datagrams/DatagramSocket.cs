using System.Net;
using System.Net.Sockets;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Datagrams;

/// <summary>
/// A datagram socket on a poller: many datagrams at each wake-up, and a queue for those that the system has no room for. On
/// the loop's thread only.
/// </summary>
internal sealed class DatagramSocket : IPollable, IDatagramCarrier
{
    /// <summary>The longest datagram that IP can carry besides its own header and that of UDP.</summary>
    public const int MaxLength = 65507;

    private const int MostAtOnce = 100;

    private static readonly TimeSpan s_retryAfter = TimeSpan.FromMilliseconds(1);

    private readonly EventLoop _loop;
    private readonly IDatagramReceiver _owner;
    private readonly DatagramQueue _queue;
    private readonly SocketAddress _from;
    private readonly bool _isLinux;
    private readonly UnsentDatagram _sendAlone;
    private ITimer? _retry;
    private SocketError _noted;
    private int _atOnce;
    private LinuxReadAhead? _ahead;
    private LinuxAnswers? _answers;
    private bool _gathers;
    private bool _goesOn;
    private bool _isReading;
    private bool _isClosed;

    /// <param name="loop">The loop that polls it.</param>
    /// <param name="binding">The bound socket, which it owns from now on.</param>
    /// <param name="queue">The queue for what can't be sent at once.</param>
    /// <param name="owner">The receiver of datagrams and errors.</param>
    /// <exception cref="SocketException">The system has no room for another socket to watch.</exception>
    public DatagramSocket(EventLoop loop, DatagramBinding binding, DatagramQueue queue, IDatagramReceiver owner)
    {
        (_loop, Binding, _queue, _owner) = (loop, binding, queue, owner);
        (_isLinux, _sendAlone) = (loop.Poller is EpollPoller, SendAlone);
        _from = new SocketAddress(Socket.AddressFamily, SocketAddress.GetMaximumAddressSize(Socket.AddressFamily));
        Socket.Blocking = false;
        try
        {
            loop.Poller.Add(this);
        }
        catch
        {
            binding.Dispose();
            throw;
        }
    }

    public DatagramBinding Binding { get; }

    public Socket Socket => Binding.Socket;

    public Address LocalAddress => Binding.LocalAddress;

    public bool IsConnected => Binding.IsConnected;

    public Multicast Multicast => Binding.Multicast;

    public SocketAddress AddressOf(Address address) => DatagramAddresses.To(address, Socket);

    bool IPollable.IsListener => false;

    ReadOnlySpan<byte> IPollable.Unsent => default;

    public void Resume() => Watch(isReading: true);

    public void Pause() => Watch(isReading: false);

    public void Answer(ReadOnlySpan<byte> data, SocketAddress? to)
    {
        if (!_gathers || to is null)
        {
            Send(data, to);
            return;
        }

        _answers ??= new LinuxAnswers(_from.Buffer.Length);
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
    public void SendQueued()
    {
        if (_isClosed)
            return;
        _queue.Send(TrySendQueued);
        if (_queue.IsEmpty)
            _owner.Drained();
        else
            RetryLater();
    }

    public void Dispose()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _retry?.Dispose();
        _loop.Poller.Remove(this);
        Binding.Dispose();
    }

    void IPollable.NoteError(SocketError error) => _noted = error;

    void IPollable.OnReady(Interest ready, int sent)
    {
        if (_noted != SocketError.Success)
        {
            var error = new SocketException((int)_noted);
            _noted = SocketError.Success;
            _owner.Failed(error);
        }

        // The answers of a UNIX socket may be refused, each for a reason of its own.
        (_atOnce, _gathers) = (0, _isLinux && Socket.AddressFamily != AddressFamily.Unix);
        try
        {
            _owner.Ready();
        }
        finally
        {
            _gathers = false;
            SendAnswers();
            GoOnLater();
        }
    }

    public bool TryReceive(out ReadOnlySpan<byte> data, out SocketAddress from)
    {
        from = _from;
        while (MayReceive() && ReceiveNext(out data))
        {
            if (data.Length < _loop.ReadBuffer.Length)
                return true;

            // The buffer has room for more than any network carries. Only a UNIX socket may fill it, and the rest is lost then.
            _owner.Dropped($"A datagram of {data.Length} bytes or more is too long");
        }

        data = default;
        return false;
    }

    private bool MayReceive() => _isReading && !_isClosed && _atOnce < MostAtOnce
        && (_atOnce == 0 || !_loop.Slice.IsOverAfterMessage());

    private bool ReceiveNext(out ReadOnlySpan<byte> data)
    {
        SocketError error = ReceiveNow(isFirst: _atOnce++ == 0, out data);

        // A UNIX socket without a name has no address at all.
        _from.Size = Math.Max(_from.Size, sizeof(ushort));
        if (error is not (SocketError.Success or SocketError.WouldBlock))
            _owner.Failed(new SocketException((int)error));
        return error == SocketError.Success;
    }

    // Where there are several, from then on many come with one system call; most sockets never need the room.
    private SocketError ReceiveNow(bool isFirst, out ReadOnlySpan<byte> data)
    {
        if (_isLinux && (!isFirst || _ahead is not null))
            return (_ahead ??= new LinuxReadAhead(_from.Buffer.Length)).Receive(Socket, _from, out data);
        SocketError error = _isLinux
            ? LinuxDatagrams.Receive(Socket, _loop.ReadBuffer, _from, out int count)
            : PortableDatagrams.Receive(Socket, _loop.ReadBuffer, _from, isKnown: isFirst, out count);
        data = _loop.ReadBuffer.AsSpan(0, Math.Max(count, 0));
        return error;
    }

    /// <summary>Sees to datagrams of which the system knows no longer, when others have had their turn.</summary>
    private void GoOnLater()
    {
        if (_goesOn || !_isReading || _ahead is not { HasAny: true })
            return;
        _goesOn = true;
        _loop.Post(() =>
        {
            _goesOn = false;
            if (_isReading && !_isClosed)
                ((IPollable)this).OnReady(Interest.Read, 0);
        });
    }

    private void SendAnswers()
    {
        if (_answers is { Count: > 0 } && !_isClosed)
            _answers.Send(Socket, _owner, _sendAlone);
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
        _isLinux ? LinuxDatagrams.Send(Socket, data, to) : PortableDatagrams.Send(Socket, data, to);

    /// <summary>
    /// Tries again soon. No poller is asked for room: the portable one could only send by itself, to one peer, and for a UNIX
    /// socket that answers many peers the kernel says that there is room while one of them has none.
    /// </summary>
    private void RetryLater()
    {
        _retry?.Dispose();
        _retry = RealTime.After(s_retryAfter, () => _loop.Post(SendQueued));
    }

    private void Watch(bool isReading)
    {
        if (_isClosed || _isReading == isReading)
            return;
        _isReading = isReading;
        _loop.Poller.Watch(this, isReading ? Interest.Read : Interest.None);
        GoOnLater();
    }
}
