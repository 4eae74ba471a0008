using System.Buffers;
using TwistedPS.Engine.Services;
using TwistedPS.Engine.Transports;

namespace TwistedPS.Engine.Streams;

/// <summary>What is written to a connection: bytes that are messages already, or none. On the reactor's thread only.</summary>
internal sealed class ConnectionOutput(Connection connection)
{
    /// <summary>The factor of the limit for sources that wait: each has written before, and one may go on within its call.</summary>
    private const long Overshoot = 16;

    /// <summary>The least limit for such sources, which may have read as much at once.</summary>
    private const int LargestRead = 65536;

    private readonly PendingSends _pending = new();
    private readonly HashSet<IProducer> _waiting = [];

    /// <summary>Whether the call in progress is the connection's own, which waits by not being read.</summary>
    public bool IsOwn => Call?.Producer == connection.Producer;

    /// <summary>Whether what a handler outputs for the connection, or a deferred that it has left, answers the peer.</summary>
    public bool IsAnswer => Call is not { } call || call.Handler.Owner == connection.Owner;

    private CallContext? Call => connection.Reactor.Watch.Current;

    private bool IsOpen => connection.Transport is { IsOpen: true };

    /// <summary>Sends what handlers of it that still run have output so far, to come before what is written next.</summary>
    public void SendEarlier() => Call?.SendOutput(connection);

    /// <summary>Writes bytes in a handler: of this connection, or of something else, which waits if the peer doesn't keep up.</summary>
    /// <returns>False if it has closed.</returns>
    public bool WriteFromHandler(ReadOnlySpan<byte> bytes, int messages)
    {
        SendEarlier();
        if (IsOwn)
            return Write(bytes, messages);
        WriteForeign(bytes, messages);
        return IsOpen;
    }

    /// <summary>Writes bytes that come from somewhere else; from there no more comes while the peer doesn't keep up.</summary>
    public void WriteForeign(ReadOnlySpan<byte> bytes, int messages) => Write(bytes, messages, Call?.Producer);

    /// <summary>Writes bytes, or drops the connection if its peer has too much left to read.</summary>
    public void Broadcast(ReadOnlySpan<byte> bytes, int messages)
    {
        SendEarlier();
        Write(bytes, messages, null);
    }

    /// <summary>Writes bytes that come from somewhere else. Their source waits if the peer doesn't keep up.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="messages">The number of messages in them.</param>
    /// <param name="source">The source; where there is none that could wait, the connection is dropped at the limit.</param>
    public void Write(ReadOnlySpan<byte> bytes, int messages, IProducer? source)
    {
        if (connection.Transport is not { Output: not null } transport)
            return;
        long most = source is null ? transport.Limit.Bytes : Overshoot * Math.Max(transport.Limit.Bytes, LargestRead);
        if (transport.UnsentBytes + (long)bytes.Length > most)
            transport.Flush();
        if (transport.UnsentBytes > 0 && transport.UnsentBytes + (long)bytes.Length > most)
        {
            transport.Abort(CloseReason.SlowReader);
            return;
        }

        Write(bytes, messages);
        transport.Limit.NoteForeign(bytes.Length);
        if (source is not null)
            WaitIfExceeded(transport, source);
    }

    /// <summary>Writes what was read from a source that waits after each read if the peer doesn't keep up.</summary>
    public void WriteRelayed(ReadOnlySpan<byte> bytes, IProducer source)
    {
        if (connection.Transport is not { } transport || !Write(bytes, messages: 0))
            return;
        transport.Limit.NoteForeign(bytes.Length);
        WaitIfExceeded(transport, source);
    }

    /// <summary>Sends from any other thread; completes once the kernel has it all or there is room for more.</summary>
    /// <param name="bytes">Returns the bytes, on the reactor's thread.</param>
    /// <param name="messages">The number of messages in them.</param>
    /// <exception cref="NotConnectedException">In the task: the connection is closed, or was meanwhile.</exception>
    public Task SendAsync(Func<ReadOnlyMemory<byte>> bytes, int messages)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Reactor.Post(() => Send(bytes().Span, messages, sent));
        return sent.Task;
    }

    /// <summary>Sends, and completes a task once the kernel has it all or there is room for more.</summary>
    public void Send(ReadOnlySpan<byte> bytes, int messages, TaskCompletionSource sent)
    {
        bool isWritten = Write(bytes, messages);
        connection.Transport?.Limit.NoteForeign(bytes.Length);
        connection.Transport?.Flush();
        if (!isWritten || !IsOpen)
            sent.SetException(connection.NotConnected());
        else if (connection.Transport!.Limit.IsExceeded)
            _pending.Add(sent);
        else
            sent.SetResult();
    }

    /// <summary>Ends the waits for room.</summary>
    public void Drained()
    {
        _pending.Complete();
        LetGo();
    }

    /// <summary>Ends the waits when there won't be room.</summary>
    public void Fail(Exception error)
    {
        _pending.Fail(error);
        LetGo();
    }

    /// <summary>Lets the sources go on that wait for the peer.</summary>
    public void LetGo()
    {
        IProducer[] all = [.. _waiting];
        _waiting.Clear();
        foreach (IProducer source in all)
            source.Resume(this);
    }

    /// <summary>Writes bytes, if the connection has not closed meanwhile.</summary>
    /// <returns>False if it has closed.</returns>
    public bool Write(ReadOnlySpan<byte> bytes, int messages)
    {
        if (connection.Transport?.Output is not { } output)
            return false;
        output.Write(bytes);
        connection.NoteSent(messages);
        return true;
    }

    private void WaitIfExceeded(Transport transport, IProducer source)
    {
        if (transport.UnsentBytes <= transport.Limit.Bytes)
            return;
        transport.Flush();
        if (transport.Limit.IsExceeded && _waiting.Add(source))
            source.Pause(this);
    }
}
