using System.Buffers;

namespace TwistedPS.Engine.Streams;

/// <summary>What is written to a connection: bytes that are messages already, or none. On the reactor's thread only.</summary>
internal sealed class ConnectionOutput(Connection connection)
{
    private readonly PendingSends _pending = new();

    /// <summary>Whether the handler that runs is one of another connection, which can't wait for this one's peer.</summary>
    public bool IsOfOther => connection.Owner is not Client
        && connection.Owner.Reactor.Watch.Current is { } call
        && call.Target != connection;

    private bool IsOpen => connection.Transport is { IsOpen: true };

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

    /// <summary>Sends what handlers of it that still run have output so far, to come before what is written next.</summary>
    public void SendEarlier() => connection.Owner.Reactor.Watch.Current?.SendOutput(connection);

    /// <summary>Writes bytes; in the handler of another connection, drops this one if its peer doesn't keep up.</summary>
    /// <returns>False if it has closed.</returns>
    public bool WriteFromHandler(ReadOnlySpan<byte> bytes, int messages)
    {
        if (!IsOfOther)
        {
            SendEarlier();
            return Write(bytes, messages);
        }

        Broadcast(bytes, messages);
        return IsOpen;
    }

    /// <summary>Writes bytes, or drops the connection if its peer has too much left to read.</summary>
    public void Broadcast(ReadOnlySpan<byte> bytes, int messages)
    {
        SendEarlier();
        if (connection.Transport is not { Output: { } output } transport)
            return;
        bool IsTooMuch(int more) => output.Length + more > transport.SendBufferLimit;

        if (IsTooMuch(bytes.Length))
        {
            transport.Flush();
            if (output.Length > 0 && IsTooMuch(bytes.Length))
            {
                transport.Abort(CloseReason.SlowReader);
                return;
            }
        }

        Write(bytes, messages);
    }

    /// <summary>Sends from any other thread; completes once the kernel has it all or there is room for more.</summary>
    /// <param name="bytes">Returns the bytes, on the reactor's thread.</param>
    /// <param name="messages">The number of messages in them.</param>
    /// <exception cref="NotConnectedException">In the task: the connection is closed, or was meanwhile.</exception>
    public Task SendAsync(Func<ReadOnlyMemory<byte>> bytes, int messages)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Owner.Reactor.Post(() => Send(bytes().Span, messages, sent));
        return sent.Task;
    }

    /// <summary>Sends, and completes a task once the kernel has it all or there is room for more.</summary>
    public void Send(ReadOnlySpan<byte> bytes, int messages, TaskCompletionSource sent)
    {
        bool isWritten = Write(bytes, messages);
        connection.Transport?.Flush();
        if (!isWritten || !IsOpen)
            sent.SetException(connection.NotConnected());
        else if (connection.Transport!.IsWriteBlocked)
            _pending.Add(sent);
        else
            sent.SetResult();
    }

    /// <summary>Ends the sends that have waited for room.</summary>
    public void Drained() => _pending.Complete();

    /// <summary>Ends the sends that have waited, when there won't be room.</summary>
    public void Fail(Exception error) => _pending.Fail(error);
}
