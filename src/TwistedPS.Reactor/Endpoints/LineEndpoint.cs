namespace TwistedPS;

/// <summary>
/// What line servers and clients have in common: their handlers and their counts. Members may be read from any thread.
/// </summary>
public abstract class LineEndpoint : Service
{
    private readonly HandlerCall _onConnect;
    private readonly HandlerCall _onLine;
    private readonly HandlerCall _onDisconnect;
    private ILineHandler _handler;
    private long _linesIn;
    private long _linesOut;

    private protected LineEndpoint(Reactor reactor, LineOptions options, ILineHandler handler, int id)
        : base(reactor, options.Name, id)
    {
        Options = options;
        Writer = new LineWriter(options.Delimiter, options.Encoding);
        _handler = handler;
        _onConnect = new HandlerCall(this, "OnConnect");
        _onLine = new HandlerCall(this, "OnLine");
        _onDisconnect = new HandlerCall(this, "OnDisconnect");
    }

    /// <summary>Raised on the reactor's thread when a connection is made.</summary>
    public event EventHandler<LineConnectionEventArgs>? Connected;

    /// <summary>Raised on the reactor's thread for each line.</summary>
    public event EventHandler<LineReceivedEventArgs>? LineReceived;

    /// <summary>Raised on the reactor's thread when a connection has ended.</summary>
    public event EventHandler<LineConnectionEventArgs>? Disconnected;

    /// <summary>Lines received.</summary>
    public long LinesIn => Volatile.Read(ref _linesIn);

    /// <summary>Lines sent.</summary>
    public long LinesOut => Volatile.Read(ref _linesOut);

    /// <summary>Connections that were closed because a line was too long.</summary>
    public long LinesTooLong { get; private set; }

    /// <summary>Times that a connection ended in the middle of a line.</summary>
    public long LinesCutOff { get; private set; }

    internal LineOptions Options { get; }

    internal LineWriter Writer { get; }

    internal virtual void ConnectionMade(LineConnection connection)
    {
        Call(_onConnect, connection, (_handler, connection), static it => it._handler.Connected(it.connection));
        Raise(nameof(Connected), Connected, new LineConnectionEventArgs(connection));
    }

    internal virtual void LineArrived(LineConnection connection, string line)
    {
        Volatile.Write(ref _linesIn, _linesIn + 1);
        Call(
            _onLine,
            connection,
            (_handler, connection, line),
            static it => it._handler.LineReceived(it.connection, it.line));
        if (LineReceived is not null)
            Raise(nameof(LineReceived), LineReceived, new LineReceivedEventArgs(connection, line));
    }

    internal virtual void ConnectionLost(LineConnection connection, CloseReason reason, Exception? error)
    {
        ReactorLog.Add(LogLevel.Information, connection, $"Connection closed. Reason: {Describe(reason, error)}");
        Call(
            _onDisconnect,
            connection,
            (_handler, connection, reason),
            static it => it._handler.Disconnected(it.connection, it.reason));
        Raise(nameof(Disconnected), Disconnected, new LineConnectionEventArgs(connection));
    }

    internal void LineWasTooLong(LineConnection connection, MessageTooLongException error)
    {
        LinesTooLong++;
        ReactorLog.Add(LogLevel.Warning, connection, error.Message);
    }

    internal void BytesWereInvalid(LineConnection connection) => ReactorLog.Add(
        LogLevel.Warning, connection, $"Bytes came that are not valid {Options.Encoding.WebName}; they are read as U+FFFD.");

    internal void LineWasCutOff(LineConnection connection, long length)
    {
        LinesCutOff++;
        ReactorLog.Add(LogLevel.Debug, connection, $"The stream ended in the middle of a line, after {length} bytes of it.");
    }

    internal void LinesSent(int lines) => Volatile.Write(ref _linesOut, _linesOut + lines);

    internal static string Describe(CloseReason reason, Exception? error) =>
        error is null ? $"{reason}" : $"{reason} ({error.Message})";

    private protected void SetHandler(ILineHandler handler) => _handler = handler;

    /// <summary>Tells the subscribers of an event; their errors are noted and harm nobody else.</summary>
    private void Raise<T>(string name, EventHandler<T>? subscribers, T args)
        where T : LineConnectionEventArgs
    {
        try
        {
            subscribers?.Invoke(this, args);
        }
        catch (Exception e) when (e is not ReactorInterruptedException)
        {
            AddError(name, args.Connection, e);
        }
    }
}
