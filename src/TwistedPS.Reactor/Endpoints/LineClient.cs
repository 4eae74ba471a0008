using System.Net.Sockets;

namespace TwistedPS;

/// <summary>
/// A client whose protocol is made of lines. What it receives goes to its handler, or, if it has none for lines, into a
/// queue for whoever asks. Members may be used from any thread.
/// </summary>
public sealed class LineClient : LineEndpoint
{
    private static int s_lastId;

    private readonly LineClientOptions _options;
    private readonly ILineClientHandler? _handler;
    private readonly HandlerCall _onConnecting;
    private readonly HandlerCall _onConnectFailed;
    private readonly SemaphoreSlim _connecting = new(1);
    private ReceiveQueue _received;
    private volatile CancellationTokenSource? _attempt;
    private TaskCompletionSource _disconnected = CompletedSource();
    private int _connects;

    /// <param name="reactor">Its reactor.</param>
    /// <param name="options">Where to connect to, and how.</param>
    /// <param name="handler">Its handlers; null leaves the lines in the queue.</param>
    internal LineClient(Reactor reactor, LineClientOptions options, ILineClientHandler? handler)
        : base(reactor, options, (ILineHandler?)handler ?? SilentHandler.Instance, Interlocked.Increment(ref s_lastId))
    {
        _options = options;
        _handler = handler;
        _onConnecting = new HandlerCall(this, "OnConnecting");
        _onConnectFailed = new HandlerCall(this, "OnConnectFailed");
        _received = NewQueue();
        _received.Complete();
    }

    /// <summary>The host as it was given.</summary>
    public string Host => _options.Host;

    /// <summary>The port of the host.</summary>
    public int Port => _options.Port;

    /// <summary>Where it is in its life.</summary>
    public LineClientStatus Status { get; private set; }

    /// <summary>The present connection, or the last one; null before the first.</summary>
    public LineConnection? Connection { get; private set; }

    /// <summary>How many lines wait to be received.</summary>
    public int WaitingLines => _received.Count;

    /// <summary>Bytes received over the present or last connection.</summary>
    public long BytesIn => Connection?.BytesIn ?? 0;

    /// <summary>Bytes sent over the present or last connection.</summary>
    public long BytesOut => Connection?.BytesOut ?? 0;

    /// <inheritdoc/>
    public override string Description => Port == 0 ? $"line client {Name} ({Host})" : $"line client {Name} ({Host}:{Port})";

    /// <summary>Whether lines wait in the queue instead of going to a handler.</summary>
    internal bool IsQueued { get; init; } = true;

    /// <summary>Ends when there is no connection.</summary>
    internal Task Disconnection => _disconnected.Task;

    /// <summary>Disconnects without waiting.</summary>
    public override void Dispose() => _ = DisconnectAsync(_options.DrainTime);

    /// <summary>Takes a line that has arrived.</summary>
    internal bool TryReceive(out string line) => _received.TryTake(out line);

    /// <returns>False when there is no line and no connection that could bring one.</returns>
    internal Task<bool> WaitForLineAsync(CancellationToken cancel) => _received.WaitAsync(cancel).AsTask();

    /// <summary>Connects, after it has closed the connection that there may be.</summary>
    /// <exception cref="SocketException">The name is unknown, or no address answered.</exception>
    /// <exception cref="TimeoutException">Nothing answered in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was cancelled.</exception>
    internal async Task ConnectAsync(CancellationToken cancel)
    {
        // One after the other, so that there is never more than one connection; and each step in a turn of its own, since
        // the caller may be a handler, and handlers are not nested.
        await _connecting.WaitAsync(cancel).ConfigureAwait(false);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _attempt = attempt;
        try
        {
            await Reactor.PostAsync(BeginConnect).ConfigureAwait(false);
            await Disconnection.WaitAsync(attempt.Token).ConfigureAwait(false);
            Socket socket = await Connector
                .ConnectAsync(Host, Port, _options.ConnectTimeout, Reactor.TimeProvider, attempt.Token)
                .ConfigureAwait(false);
            await UseAsync(socket, attempt.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (Status == LineClientStatus.Connecting)
        {
            await Reactor.PostAsync(() => ConnectFailed(e)).ConfigureAwait(false);
            throw;
        }
        finally
        {
            _attempt = null;
            _connecting.Release();
        }
    }

    /// <summary>Takes a connection that was made already. On the reactor's thread only.</summary>
    internal bool Use(StreamTransport transport)
    {
        ReceiveQueue received = NewQueue();
        while (_received.TryTake(out string line))
            received.Add(line);
        _received = received;
        _disconnected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Connection = new LineConnection(this, _connects++);
        Status = LineClientStatus.Connected;
        Reactor.Add(this);
        try
        {
            Connection.Start(transport);
        }
        finally
        {
            if (received.IsFull)
                Connection.Pause();
        }

        return true;
    }

    internal override void ConnectionMade(LineConnection connection)
    {
        ReactorLog.Add(LogLevel.Information, connection, $"Connected to {connection.RemoteEndPoint?.ToString() ?? "memory"}");
        base.ConnectionMade(connection);
    }

    internal override void LineArrived(LineConnection connection, string line)
    {
        if (IsQueued)
            _received.Add(line);
        base.LineArrived(connection, line);
    }

    internal override void ConnectionLost(LineConnection connection, CloseReason reason, Exception? error)
    {
        if (Status == LineClientStatus.Connected)
            NoteDisconnected();
        _received.Complete();
        try
        {
            base.ConnectionLost(connection, reason, error);
        }
        finally
        {
            _disconnected.TrySetResult();
        }
    }

    /// <summary>
    /// Gives up connecting, or closes the connection if there is one, and waits no longer than <paramref name="drainTime"/>
    /// for the peer.
    /// </summary>
    internal async Task DisconnectAsync(TimeSpan drainTime)
    {
        Cancel(_attempt);
        Reactor.Do(() => Connection?.Close(CloseReason.Done, drainTime));
        await _connecting.WaitAsync().ConfigureAwait(false);
        _connecting.Release();
        await Disconnection.ConfigureAwait(false);
    }

    internal override Task EndAsync(TimeSpan drainTime) => DisconnectAsync(drainTime);

    internal override void Abandon()
    {
        Cancel(_attempt);
        Connection?.Abandon();
        NoteDisconnected();
        _received.Complete();
        _disconnected.TrySetResult();
    }

    private static void Cancel(CancellationTokenSource? attempt)
    {
        try
        {
            attempt?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The attempt has ended on its own meanwhile.
        }
    }

    private async Task UseAsync(Socket socket, CancellationToken cancel)
    {
        bool isUsed = false;
        try
        {
            await Reactor.PostAsync(() =>
            {
                cancel.ThrowIfCancellationRequested();
                var transport = new SocketTransport(Reactor, socket);
                isUsed = true;
                return Use(transport);
            }).ConfigureAwait(false);
        }
        finally
        {
            if (!isUsed)
                socket.Dispose();
        }
    }

    private void NoteDisconnected()
    {
        Status = LineClientStatus.Disconnected;
        Reactor.Remove(this);
    }

    private bool BeginConnect()
    {
        if (Status == LineClientStatus.Connected)
            Connection!.Close();
        Status = LineClientStatus.Connecting;
        Reactor.Add(this);
        Call(_onConnecting, null, this, static client => client._handler?.Connecting(client));
        return true;
    }

    private bool ConnectFailed(Exception error)
    {
        NoteDisconnected();
        ReactorLog.Add(LogLevel.Warning, $"Connection to {Host}:{Port} failed: {error.Message}");
        Call(_onConnectFailed, null, (Client: this, error), static it => it.Client._handler?.ConnectFailed(it.Client, it.error));
        return true;
    }

    private ReceiveQueue NewQueue() => new(full: () => Connection?.Pause(), drained: () => Connection?.Resume());

    private static TaskCompletionSource CompletedSource()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
