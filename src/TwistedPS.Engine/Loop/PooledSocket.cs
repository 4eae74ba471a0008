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

    private SocketAsyncEventArgs? _reading;
    private SocketAsyncEventArgs? _writing;
    private Interest _pending;
    private bool _forgotten;

    public IPollable Target => target;

    public Interest Wanted { get; set; }

    /// <summary>Starts the wanted operations that are not pending.</summary>
    public void Start()
    {
        Interest missing = Wanted & ~_pending;
        if (_forgotten || missing == Interest.None)
            return;

        _pending |= missing;
        if ((missing & Interest.Read) != 0)
        {
            _reading ??= NewArgs(Interest.Read);
            if (!(target.IsListener ? target.Socket.AcceptAsync(_reading) : BeginReceive(_reading)))
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

        if (_forgotten)
            DisposeWhenIdle();

        // An accepted socket is delivered even to a paused listener: it exists.
        return !_forgotten && (target.IsListener || ready == Interest.Write || (Wanted & ready) != 0);
    }

    /// <exception cref="SocketException">The accept failed.</exception>
    public Socket? DequeueAccepted()
    {
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

    // A receive of no bytes would swallow the error of a connection that is reset already; the next one would find its end.
    private bool BeginReceive(SocketAsyncEventArgs args) =>
        !target.Socket.Poll(0, SelectMode.SelectError) && target.Socket.ReceiveAsync(args);

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
