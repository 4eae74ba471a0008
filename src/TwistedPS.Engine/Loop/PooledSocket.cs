using System.Buffers;
using System.Net.Sockets;

namespace TwistedPS.Engine.Loop;

/// <summary>
/// The operations that show <see cref="PoolPoller"/> a socket's readiness, at most one each way: a receive of no bytes
/// completes when there is something to read, an accept when a peer connects, a send when the kernel takes output again. All
/// but the completions happens on the loop's thread.
/// </summary>
internal sealed class PooledSocket(IPollable target, Action<PooledSocket, Interest> completed)
{
    private const int LongestSend = 65536;

    private readonly bool _isOfDatagrams = target.Socket.SocketType == SocketType.Dgram;
    private SocketAsyncEventArgs? _reading;
    private SocketAsyncEventArgs? _writing;
    private Interest _pending;
    private bool _forgotten;
    private bool _isRefused;
    private bool _hasFailed;

    public IPollable Target => target;

    public Interest Wanted { get; set; }

    /// <summary>Whether no operation shows that its connection was reset, as nothing is read.</summary>
    public bool IsQuiet => !_forgotten && !target.IsListener && !_isOfDatagrams && (Wanted & Interest.Read) == 0;

    /// <summary>Whether its connection was reset.</summary>
    public bool HasFailed()
    {
        if (!OperatingSystem.IsWindows())
            return target.Socket.Poll(0, SelectMode.SelectError);

        // Windows does not tell of a reset there, but drops what had been received before.
        target.Socket.Receive(stackalloc byte[1], SocketFlags.Peek, out SocketError error);
        return error is not (SocketError.Success or SocketError.WouldBlock);
    }

    /// <summary>Starts the wanted operations that are not pending.</summary>
    public void Start()
    {
        Interest missing = Wanted & ~_pending;
        if (_forgotten || missing == Interest.None)
            return;

        _pending |= missing;
        try
        {
            Start(missing);
        }
        catch (OutOfMemoryException)
        {
            // So .NET says that the system lets it watch no other socket.
            _pending &= ~missing;
            _isRefused = true;
            completed(this, target.IsListener ? Interest.Read : Interest.Failed);
        }
    }

    private void Start(Interest missing)
    {
        if ((missing & Interest.Read) != 0)
        {
            _reading ??= NewArgs(Interest.Read);

            // A datagram must stay where it is.
            _reading.SocketFlags = _isOfDatagrams ? SocketFlags.Peek : SocketFlags.None;
            if (!(target.IsListener ? target.Socket.AcceptAsync(_reading) : target.Socket.ReceiveAsync(_reading)))
                completed(this, Interest.Read);
        }

        if ((missing & Interest.Write) != 0)
        {
            _writing ??= NewArgs(Interest.Write);
            CopyUnsent(_writing);
            if (!target.Socket.SendAsync(_writing))
                completed(this, Interest.Write);
        }
    }

    /// <returns>Whether the target is to be told.</returns>
    public bool Complete(Interest ready, out int sent)
    {
        _pending &= ~ready;
        sent = 0;
        if (ready == Interest.Write)
        {
            sent = _writing!.SocketError == SocketError.Success ? _writing.BytesTransferred : 0;
            ArrayPool<byte>.Shared.Return(_writing.Buffer!);
            _writing.SetBuffer(null, 0, 0);
        }
        else if (ready == Interest.Read && _isOfDatagrams)
        {
            // Windows says that the datagram is longer than what it is peeked into.
            if (!_forgotten && _reading!.SocketError is not (SocketError.Success or SocketError.OperationAborted or SocketError.MessageSize))
                target.NoteError(_reading.SocketError);
        }
        else if (ready == Interest.Read && !target.IsListener)
        {
            // The kernel tells an error once. To whoever reads after this operation, it looks like the end of the stream.
            _hasFailed |= _reading!.SocketError is not (SocketError.Success or SocketError.OperationAborted);
        }

        if (_forgotten)
            DisposeWhenIdle();

        // An accepted socket is delivered even to a paused listener: it exists.
        return !_forgotten && (target.IsListener || ready is Interest.Write or Interest.Failed || (Wanted & ready) != 0);
    }

    /// <summary>Returns the readiness that a completed operation shows, with the failure that one of them has met.</summary>
    public Interest Shown(Interest ready) => _hasFailed ? ready | Interest.Failed : ready;

    /// <exception cref="SocketException">The accept failed.</exception>
    public Socket? DequeueAccepted()
    {
        if (_isRefused)
        {
            _isRefused = false;
            throw new SocketException((int)SocketError.NoBufferSpaceAvailable);
        }

        if (_reading is not { } accepting || _pending.HasFlag(Interest.Read))
            return null;

        (Socket? accepted, SocketError error) = (accepting.AcceptSocket, accepting.SocketError);
        accepting.AcceptSocket = null;
        if (error is not (SocketError.Success or SocketError.ConnectionAborted or SocketError.OperationAborted))
            throw new SocketException((int)error);

        return accepted;
    }

    public void Forget()
    {
        _forgotten = true;
        DisposeWhenIdle();
    }

    private void DisposeWhenIdle()
    {
        if (_pending != Interest.None)
            return;
        _reading?.AcceptSocket?.Dispose();
        _reading?.Dispose();
        _writing?.Dispose();
    }

    private void CopyUnsent(SocketAsyncEventArgs args)
    {
        ReadOnlySpan<byte> unsent = target.Unsent;
        int length = Math.Min(unsent.Length, LongestSend);
        byte[] copy = ArrayPool<byte>.Shared.Rent(length);
        unsent[..length].CopyTo(copy);
        args.SetBuffer(copy, 0, length);
    }

    private SocketAsyncEventArgs NewArgs(Interest interest)
    {
        var args = new SocketAsyncEventArgs(true);
        args.Completed += (_, _) => completed(this, interest);
        return args;
    }
}
