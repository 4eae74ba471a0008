namespace TwistedPS.Engine.Streams;

/// <summary>
/// What is sent to a client: at once if it is connected; while it is connecting it is kept, and sent after the output of
/// OnConnect, or refused if the attempt fails.
/// </summary>
internal sealed class ClientOutput(Client client)
{
    private const string Handler = "Send";

    private readonly Queue<EarlySend> _early = new();
    private long _earlyBytes;
    private bool _endsEarly;

    /// <summary>Whether no more may be added by handlers. From any thread.</summary>
    public bool IsFull => Volatile.Read(ref _earlyBytes) > client.Options.SendBufferLimit;

    private bool IsEarly => client.Status == ClientStatus.Connecting;

    /// <summary>Sends in a handler, which can't wait. On the reactor's thread only.</summary>
    /// <exception cref="NotConnectedException">It is neither connected nor connecting.</exception>
    /// <exception cref="SendBufferFullException">Too much waits for the connection.</exception>
    public void Write(ReadOnlyMemory<byte> bytes, int messages)
    {
        if (!IsEarly)
        {
            if (client.Connection?.Output.WriteFromHandler(bytes.Span, messages) != true)
                throw NotConnected();
            return;
        }

        if (IsFull)
            throw new SendBufferFullException($"The {client} is still connecting, and {_earlyBytes} bytes wait for it already.");
        Keep(new EarlySend(bytes, messages, null));
    }

    /// <summary>Sends without waiting. From any thread.</summary>
    /// <exception cref="NotConnectedException">It is neither connected nor connecting.</exception>
    /// <exception cref="SendBufferFullException">Too much waits for the connection.</exception>
    public void Send(ReadOnlyMemory<byte> bytes, int messages)
    {
        if (client.Status is not (ClientStatus.Connected or ClientStatus.Connecting))
            throw NotConnected();
        if (client.Reactor.IsCurrent)
            Write(bytes, messages);
        else
            client.Reactor.Post(() => WriteLater(bytes, messages));
    }

    /// <summary>Sends from any other thread; completes once the kernel has it all or there is room for more.</summary>
    /// <param name="bytes">Returns the bytes, on the reactor's thread.</param>
    /// <param name="messages">The number of messages in them.</param>
    /// <exception cref="NotConnectedException">In the task: it is not connected, or has not been able to connect.</exception>
    public Task SendAsync(Func<ReadOnlyMemory<byte>> bytes, int messages)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.Reactor.Post(() =>
        {
            if (IsEarly)
                Keep(new EarlySend(bytes(), messages, sent));
            else if (client.Connection is { } connection)
                connection.Output.Send(bytes().Span, messages, sent);
            else
                sent.SetException(NotConnected());
        });
        return sent.Task;
    }

    /// <summary>Ends sending after what is sent so far.</summary>
    public void EndSending() => client.Reactor.Do(() =>
    {
        if (IsEarly)
            _endsEarly = true;
        else
            client.Connection?.EndSending();
    });

    /// <summary>Sends what was kept. On the reactor's thread only.</summary>
    public void Connected(Connection connection)
    {
        while (Dequeue() is { } early)
        {
            if (early.Sent is not null)
                connection.Output.Send(early.Bytes.Span, early.Messages, early.Sent);
            else if (!connection.Output.Write(early.Bytes.Span, early.Messages))
                client.AddError(Handler, null, connection.NotConnected());
        }

        if (_endsEarly)
            connection.EndSending();
        _endsEarly = false;
    }

    /// <summary>Refuses what was kept. On the reactor's thread only.</summary>
    /// <param name="error">The error that has ended the attempt to connect; null if it was given up.</param>
    public void Failed(Exception? error)
    {
        var failed = new NotConnectedException(error is null
            ? $"The {client} was disconnected while it was connecting."
            : $"The {client} could not connect: {error.Message}");
        _endsEarly = false;
        bool isLost = false;
        while (Dequeue() is { } early)
        {
            isLost |= early.Sent is null;
            early.Sent?.SetException(failed);
        }

        if (isLost)
            client.AddError(Handler, null, failed);
    }

    private NotConnectedException NotConnected() =>
        client.Connection?.NotConnected() ?? new NotConnectedException($"The {client} is not connected.");

    private void WriteLater(ReadOnlyMemory<byte> bytes, int messages)
    {
        try
        {
            Write(bytes, messages);
        }
        catch (InvalidOperationException e)
        {
            client.AddError(Handler, null, e);
        }
    }

    private void Keep(EarlySend early)
    {
        _early.Enqueue(early);
        Volatile.Write(ref _earlyBytes, _earlyBytes + early.Bytes.Length);
    }

    private EarlySend? Dequeue()
    {
        if (!_early.TryDequeue(out EarlySend? early))
            return null;
        Volatile.Write(ref _earlyBytes, _earlyBytes - early.Bytes.Length);
        return early;
    }

    /// <param name="Bytes">The bytes.</param>
    /// <param name="Messages">The number of messages in them.</param>
    /// <param name="Sent">Completed for the one who waits; null for a handler, which does not.</param>
    private sealed record EarlySend(ReadOnlyMemory<byte> Bytes, int Messages, TaskCompletionSource? Sent);
}
