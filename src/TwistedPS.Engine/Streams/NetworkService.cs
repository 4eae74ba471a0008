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

    private protected NetworkService(Reactor reactor, NetworkServiceOptions options, int id, string onMessage)
        : base(reactor, options.Name, id)
    {
        Options = options;
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

    /// <summary>Its part on its own reactor, which is all of it unless it has several.</summary>
    internal abstract ServicePart Part { get; }

    /// <summary>Its parts, that on its own reactor first.</summary>
    internal virtual IEnumerable<ServicePart> Parts => [Part];

    internal long MessagesIn => Parts.Sum(part => part.MessagesIn);

    internal long MessagesOut => Parts.Sum(part => part.MessagesOut);

    internal long MessagesTooLong => Parts.Sum(part => part.MessagesTooLong);

    internal long InvalidMessages => Parts.Sum(part => part.InvalidMessages);

    internal long MessagesCutOff => Parts.Sum(part => part.MessagesCutOff);

    internal NetworkServiceOptions Options { get; }

    internal Throttle? Throttle { get; }

    internal TrafficLog? Traffic { get; }

    /// <summary>Completes when its logs so far are written, or could not be written just now.</summary>
    private protected Task LogsWritten => Traffic is null ? ReactorLog.Written : Task.WhenAll(ReactorLog.Written, Traffic.Written);

    /// <summary>The settings of TLS on its connections; null for none.</summary>
    internal ITlsSettings? TlsSettings => Options.TlsSettings;

    /// <summary>The encoding of text.</summary>
    internal abstract Encoding Encoding { get; }

    /// <summary>The handlers on its own reactor.</summary>
    internal IConnectionHandler ConnectionHandler => Part.ConnectionHandler;

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
            connection,
            static it => it.Part.ConnectionHandler.Connected(it));
        Raise(nameof(Connected), Connected, connection, 0, static (it, _) => new ConnectionEventArgs(it));
    }

    internal void ReadEnded(Connection connection)
    {
        if (Options.AllowHalfOpen)
            Call(_onEnd, connection, connection, static it => it.Part.ConnectionHandler.ReadEnded(it));
        else
            connection.Close();
    }

    internal void OutputDrained(Connection connection) =>
        Call(_onDrain, connection, connection, static it => it.Part.ConnectionHandler.Drained(it));

    internal virtual void ConnectionLost(Connection connection, CloseReason reason, Exception? error)
    {
        Call(
            _onDisconnect,
            connection,
            (connection, reason),
            static it => it.connection.Part.ConnectionHandler.Disconnected(it.connection, it.reason));
        Raise(nameof(Disconnected), Disconnected, connection, 0, static (it, _) => new ConnectionEventArgs(it));
    }

    internal static string Describe(CloseReason reason, Exception? error) =>
        error is null ? $"{reason}" : $"{reason} ({VisibleText.JoinLines(error.Message)})";

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
