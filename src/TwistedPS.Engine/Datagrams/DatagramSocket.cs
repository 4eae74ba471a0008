using System.Net;
using System.Net.Sockets;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Datagrams;

/// <summary>
/// A datagram socket on a poller: many datagrams at each wake-up. On the loop's thread only, unless a member of its
/// interface says otherwise.
/// </summary>
internal sealed class DatagramSocket : IPollable, IDatagramCarrier
{
    /// <summary>The longest datagram that IP can carry besides its own header and that of UDP.</summary>
    public const int MaxLength = 65507;

    private const int MostAtOnce = 100;

    private readonly EventLoop _loop;
    private readonly IDatagramReceiver _owner;
    private readonly DatagramQueue _queue;
    private readonly SocketAddress _from;
    private readonly bool _isLinux;
    private SocketError _noted;
    private int _atOnce;
    private LinuxReadAhead? _ahead;
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
        _isLinux = loop.Poller is EpollPoller;
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

    public IDatagramSender SenderOn(EventLoop loop) => new DatagramSender(loop, Socket, _queue, _owner);

    public void Resume() => _loop.Do(() => Watch(isReading: true));

    public void Pause() => _loop.Do(() => Watch(isReading: false));

    public void Dispose()
    {
        if (_isClosed)
            return;
        _isClosed = true;
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

        _atOnce = 0;
        try
        {
            _owner.Ready();
        }
        finally
        {
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

    private void Watch(bool isReading)
    {
        if (_isClosed || _isReading == isReading)
            return;
        _isReading = isReading;
        _loop.Poller.Watch(this, isReading ? Interest.Read : Interest.None);
        GoOnLater();
    }
}
