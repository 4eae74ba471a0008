using System.Net.Sockets;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Services;
using TwistedPS.Engine.Streams;
using TwistedPS.Engine.Transports;

namespace TwistedPS;

/// <summary>
/// A client of a server, whatever its messages. Those that it receives go to its handler, or, if it has none for messages,
/// into a queue. Members may be used from any thread.
/// </summary>
public abstract partial class Client : NetworkService
{
    private readonly ClientOptions _options;
    private readonly HandlerCall _onConnecting;
    private readonly HandlerCall _onConnectFailed;
    private readonly SemaphoreSlim _connecting = new(1);
    private readonly Signal _connection = new();
    private CancellationTokenSource _giveUp = new();
    private DelayedCall? _retry;
    private int _connects;

    /// <param name="reactor">Its reactor.</param>
    /// <param name="options">Its target and options.</param>
    /// <param name="handler">Its handlers; null leaves the messages in the queue.</param>
    /// <param name="id">Its number.</param>
    /// <param name="onMessage">The name of its handler for messages.</param>
    private protected Client(Reactor reactor, ClientOptions options, IClientHandler? handler, int id, string onMessage)
        : base(reactor, options, id, onMessage)
    {
        _options = options;
        Part = new ServicePart(this, reactor, (IConnectionHandler?)handler ?? SilentHandler.Instance);
        _onConnecting = new HandlerCall(this, "OnConnecting");
        _onConnectFailed = new HandlerCall(this, "OnConnectFailed");
        Attempts = new ClientAttempts(options.Reconnect);
        Output = new ClientOutput(this);
        EndLife();
    }

    /// <summary>The host, as given, or the path of a UNIX socket.</summary>
    public string Host => _options.Host;

    /// <summary>The port of the host; 0 for a UNIX socket.</summary>
    public int Port => _options.Port;

    /// <summary>The state of the client.</summary>
    public ClientStatus Status { get; private set; }

    /// <summary>The current connection, or the last one; null before the first.</summary>
    internal Connection? Connection { get; private set; }

    internal ClientAttempts Attempts { get; }

    internal ClientOutput Output { get; }

    /// <summary>Whether it does; what its last handler starts outlives it.</summary>
    internal override bool OwnsWhatItStarts => Status != ClientStatus.Disconnected;

    internal override Connection[] Connections => Status == ClientStatus.Connected ? [Connection!] : [];

    /// <summary>The number of bytes received over the current or last connection.</summary>
    public override long BytesIn => Connection?.BytesIn ?? 0;

    /// <summary>The number of bytes sent over the current or last connection.</summary>
    public override long BytesOut => Connection?.BytesOut ?? 0;

    /// <inheritdoc/>
    public override string Description => $"{Kind} {Name} ({_options.Server})";

    /// <summary>The name of its kind, such as "line client".</summary>
    private protected abstract string Kind { get; }

    /// <summary>Disconnects without waiting.</summary>
    public override void Dispose()
    {
        _ = DisconnectAsync(_options.DrainTime);
        GC.SuppressFinalize(this);
    }

    /// <summary>Connects, after closing any existing connection.</summary>
    /// <exception cref="SocketException">The name is unknown, or no address answered.</exception>
    /// <exception cref="TimeoutException">Nothing answered in time.</exception>
    /// <exception cref="OperationCanceledException">
    /// It was disconnected meanwhile; cancelling <paramref name="cancel"/> has the same effect.
    /// </exception>
    internal async Task ConnectAsync(CancellationToken cancel)
    {
        CancellationToken givenUp = await Reactor.InvokeAsync(StartTrying).ConfigureAwait(false);
        using CancellationTokenRegistration givesUp = cancel.Register(() => Reactor.Do(StopTrying));
        await TryConnectAsync(BeginConnect, givenUp).ConfigureAwait(false);
    }

    private async Task TryConnectAsync(Func<bool> begin, CancellationToken cancel)
    {
        // One at a time, so that there is never more than one connection; and each step in a turn of its own, since the
        // caller may be a handler, and handlers are not nested.
        await _connecting.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        bool hasBegun = false;
        try
        {
            hasBegun = await Reactor.Loop.PostAsync(() => !cancel.IsCancellationRequested && begin()).ConfigureAwait(false);
            cancel.ThrowIfCancellationRequested();
            if (!hasBegun)
                return;
            await _connection.Over.WaitAsync(cancel).ConfigureAwait(false);
            Task opening = Task.CompletedTask;
            await Connector
                .ConnectAsync(
                    Reactor.Loop, Reactor.Resolver, _options.Server, _options.ConnectTimeout, _options.LocalEndPoint, _options.KeepAlive,
                    transport => opening = this.Open(transport, cancel), cancel)
                .ConfigureAwait(false);
            await opening.ConfigureAwait(false);
        }
        catch (Exception e) when (Status == ClientStatus.Connecting)
        {
            await Reactor.Loop.PostAsync(() => hasBegun || e is not OperationCanceledException ? ConnectFailed(e) : EndCancelled()).ConfigureAwait(false);
            throw;
        }
        finally
        {
            _connecting.Release();
        }
    }

    /// <summary>Uses a connection that is already made. On the reactor's thread only.</summary>
    internal virtual void Use(Transport transport)
    {
        _connection.Reset();
        Attempts.Succeeded();

        // The messages that nobody has received yet may fill the queue, and a connection can't be paused before its start.
        BeginReceiving();
        Connection = CreateConnection(_connects++);
        Be(ClientStatus.Connected);
        try
        {
            Connection.Start(transport);
        }
        finally
        {
            Output.Connected(Connection);
        }
    }

    internal override void ConnectionMade(Connection connection)
    {
        connection.Log(LogLevel.Information, $"Connected to {connection.RemoteAddress}");
        base.ConnectionMade(connection);
    }

    internal override void ConnectionLost(Connection connection, CloseReason reason, Exception? error)
    {
        bool isLast = Status == ClientStatus.Connected;
        if (isLast)
            Status = ClientStatus.Disconnected;
        EndReceiving();
        if (!isLast && Status != ClientStatus.Disconnected)
            BeginReceiving();
        connection.Log(LogLevel.Information, $"Connection closed. Reason: {Describe(reason, error)}");
        try
        {
            base.ConnectionLost(connection, reason, error);
        }
        finally
        {
            _connection.Set();
            if (isLast && Status == ClientStatus.Disconnected)
                RetryOrEnd();
        }
    }

    /// <summary>
    /// Gives up connecting, or closes the connection if there is one, and waits up to <paramref name="drainTime"/> for the
    /// peer.
    /// </summary>
    internal async Task DisconnectAsync(TimeSpan drainTime)
    {
        Reactor.Do(() =>
        {
            StopTrying();
            Connection?.Close(CloseReason.Done, drainTime);
        });
        await _connecting.WaitAsync().ConfigureAwait(false);
        _connecting.Release();
        await Completion.ConfigureAwait(false);
        await LogsWritten.ConfigureAwait(false);
    }

    internal override Task EndAsync(TimeSpan drainTime) => DisconnectAsync(drainTime);

    internal override void Abandon()
    {
        _giveUp.Cancel();
        Connection?.Abandon();
        Output.Failed(null);
        _connection.Set();
        End();
    }

    private protected abstract Connection CreateConnection(int number);

    /// <summary>Has what waits for messages wait for those of the next connection.</summary>
    private protected abstract void BeginReceiving();

    /// <summary>Marks the queue as complete.</summary>
    private protected abstract void EndReceiving();

    private void Be(ClientStatus alive)
    {
        Status = alive;
        BeginReceiving();
        BeginLife();
        Reactor.Add(this);
    }

    private void End()
    {
        Status = ClientStatus.Disconnected;
        EndReceiving();
        Reactor.Remove(this);
        Attempts.End();
        EndLife();
    }

    private bool BeginConnect()
    {
        _retry?.Cancel();
        if (Status == ClientStatus.Connected)
            Connection!.Close();
        Be(ClientStatus.Connecting);
        Call(_onConnecting, null, this, static client => client.Handler?.Connecting(client));
        return true;
    }

    /// <summary>Ends an attempt that was cancelled before it began, unless there is another one.</summary>
    private bool EndCancelled()
    {
        if (Status != ClientStatus.Connecting || !_giveUp.IsCancellationRequested)
            return false;
        Output.Failed(null);
        End();
        return true;
    }

    private bool ConnectFailed(Exception error)
    {
        Status = ClientStatus.Disconnected;
        ReactorLog.Add(LogLevel.Warning, $"Connection to {_options.Server} failed: {error.Message}");
        Output.Failed(error);
        try
        {
            Call(_onConnectFailed, null, (Client: this, error), static it => it.Client.Handler?.ConnectFailed(it.Client, it.error));
        }
        finally
        {
            if (Status == ClientStatus.Disconnected)
                RetryOrEnd();
        }

        return true;
    }
}
