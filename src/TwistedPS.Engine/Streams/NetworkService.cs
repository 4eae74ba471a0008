using System.Buffers;
using System.Text;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Policies;
using TwistedPS.Engine.Services;
using TwistedPS.Engine.Streams;
using TwistedPS.Engine.Tls;

namespace TwistedPS;

/// <summary>
/// The base of servers and clients: connections, their handlers, and counts. Members may be read from any thread.
/// </summary>
public abstract class NetworkService : Service
{
    private readonly HandlerCall _onConnect;
    private readonly HandlerCall _onEnd;
    private readonly HandlerCall _onDrain;
    private readonly HandlerCall _onDisconnect;
    private readonly HandlerCall _onData;
    private readonly HandlerCall _onTooLong;
    private long _messagesIn;
    private long _messagesOut;

    private protected NetworkService(Reactor reactor, NetworkServiceOptions options, IConnectionHandler handler, int id, string onMessage)
        : base(reactor, options.Name, id)
    {
        Options = options;
        ConnectionHandler = handler;
        _onConnect = new HandlerCall(this, "OnConnect");
        _onEnd = new HandlerCall(this, "OnEnd");
        _onDrain = new HandlerCall(this, "OnDrain");
        _onDisconnect = new HandlerCall(this, "OnDisconnect");
        OnMessage = new HandlerCall(this, onMessage);
        Throttle = Throttle.Of(reactor.Loop, options.BytesPerSecond, options.TotalBytesPerSecond);
        Traffic = options.TrafficLog is { } path ? new TrafficLog(path, reactor.TimeProvider, ReactorLog) : null;
        _onData = new HandlerCall(this, "OnData");
        _onTooLong = new HandlerCall(this, onMessage + "TooLong");
    }

    /// <summary>Raised on the reactor's thread when a connection is made.</summary>
    public event EventHandler<ConnectionEventArgs>? Connected;

    /// <summary>Raised on the reactor's thread when a connection has ended.</summary>
    public event EventHandler<ConnectionEventArgs>? Disconnected;

    /// <summary>Its open connections.</summary>
    internal abstract Connection[] Connections { get; }

    /// <summary>The bytes a second of each of its connections, each way; null for no limit.</summary>
    public int? BytesPerSecond => Options.BytesPerSecond;

    /// <summary>
    /// The path of the file that has all its bytes, or of those of each connection, with <c>{number}</c> in it; null for none.
    /// </summary>
    public string? TrafficLog => Options.TrafficLog;

    /// <summary>The number of bytes received.</summary>
    public abstract long BytesIn { get; }

    /// <summary>The number of bytes sent.</summary>
    public abstract long BytesOut { get; }

    internal long MessagesIn => Volatile.Read(ref _messagesIn);

    internal long MessagesOut => Volatile.Read(ref _messagesOut);

    internal long MessagesTooLong { get; private set; }

    internal long InvalidMessages { get; private set; }

    internal long MessagesCutOff { get; private set; }

    internal NetworkServiceOptions Options { get; }

    internal Throttle? Throttle { get; }

    internal TrafficLog? Traffic { get; }

    /// <summary>Completes when its logs so far are written, or could not be written just now.</summary>
    private protected Task LogsWritten => Traffic is null ? ReactorLog.Written : Task.WhenAll(ReactorLog.Written, Traffic.Written);

    /// <summary>The settings of TLS on its connections; null for none.</summary>
    internal ITlsSettings? TlsSettings => Options.TlsSettings;

    /// <summary>The encoding of text.</summary>
    internal abstract Encoding Encoding { get; }

    internal IConnectionHandler ConnectionHandler { get; private protected set; }

    /// <summary>The handler for messages, as named in warnings.</summary>
    internal HandlerCall OnMessage { get; }

    /// <summary>Writes the messages that have arrived and that nobody has received, and forgets them.</summary>
    internal virtual void WriteQueued(IBufferWriter<byte> output)
    {
    }

    /// <summary>Returns the handler for what has arrived, as named in warnings.</summary>
    internal HandlerCall HandlerOf(ArrivalKind kind) => kind switch
    {
        ArrivalKind.Data => _onData,
        ArrivalKind.TooLong => _onTooLong,
        _ => OnMessage,
    };

    internal virtual void ConnectionMade(Connection connection)
    {
        Call(
            _onConnect,
            connection,
            (ConnectionHandler, connection),
            static it => it.ConnectionHandler.Connected(it.connection));
        Raise(nameof(Connected), Connected, connection, 0, static (it, _) => new ConnectionEventArgs(it));
    }

    internal void MessageArrived() => Volatile.Write(ref _messagesIn, _messagesIn + 1);

    internal void MessageWasTooLong() => MessagesTooLong++;

    internal void MessagesSent(int count) => Volatile.Write(ref _messagesOut, _messagesOut + count);

    internal void ReadEnded(Connection connection)
    {
        if (Options.AllowHalfOpen)
            Call(_onEnd, connection, (ConnectionHandler, connection), static it => it.ConnectionHandler.ReadEnded(it.connection));
        else
            connection.Close();
    }

    internal void OutputDrained(Connection connection) =>
        Call(_onDrain, connection, (ConnectionHandler, connection), static it => it.ConnectionHandler.Drained(it.connection));

    internal virtual void ConnectionLost(Connection connection, CloseReason reason, Exception? error)
    {
        Call(
            _onDisconnect,
            connection,
            (ConnectionHandler, connection, reason),
            static it => it.ConnectionHandler.Disconnected(it.connection, it.reason));
        Raise(nameof(Disconnected), Disconnected, connection, 0, static (it, _) => new ConnectionEventArgs(it));
    }

    internal void MessageWasInvalid(Connection connection, InvalidMessageException error)
    {
        if (error is MessageTooLongException)
            MessageWasTooLong();
        else
            InvalidMessages++;
        connection.Log(LogLevel.Warning, error.Message);
    }

    internal void MessageWasCutOff(Connection connection, long length)
    {
        MessagesCutOff++;
        connection.Log(LogLevel.Debug, $"The stream ended in the middle of a message, after {length} bytes of it.");
    }

    internal static string Describe(CloseReason reason, Exception? error) =>
        error is null ? $"{reason}" : $"{reason} ({error.Message})";

    /// <summary>Raises an event; the errors of its subscribers are recorded and affect nobody else.</summary>
    private protected void Raise<TArgs, TMessage>(
        string name,
        EventHandler<TArgs>? subscribers,
        Connection connection,
        TMessage message,
        Func<Connection, TMessage, TArgs> toArgs)
        where TArgs : ConnectionEventArgs
    {
        if (subscribers is null)
            return;
        try
        {
            subscribers(this, toArgs(connection, message));
        }
        catch (Exception e) when (e is not ReactorInterruptedException)
        {
            AddError(name, connection, e);
        }
    }
}
