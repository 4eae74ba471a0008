using System.Collections;

namespace TwistedPS;

/// <summary>
/// What line servers and clients have in common: their handlers, their log, and their counts. Members may be read from
/// any thread.
/// </summary>
public abstract class LineEndpoint : IDisposable
{
    private readonly HandlerErrors _errors = new();
    private readonly HandlerCall _onConnect;
    private readonly HandlerCall _onLine;
    private readonly HandlerCall _onDisconnect;
    private ILineHandler _handler;
    private long _linesIn;
    private long _linesOut;

    private protected LineEndpoint(Reactor reactor, LineOptions options, ILineHandler handler, int id, string kind)
    {
        Reactor = reactor;
        Options = options;
        Id = id;
        Name = options.Name ?? $"{kind}{id}";
        Writer = new LineWriter(options.Delimiter, options.Encoding);
        ReactorLog = new ReactorLog(reactor.TimeProvider, Name);
        StartTime = reactor.TimeProvider.GetLocalNow();
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

    /// <summary>The number of this server or client, counted from 1 for each kind in this process.</summary>
    public int Id { get; }

    /// <summary>Its name, which the log shows; unless given, the kind and the number.</summary>
    public string Name { get; }

    /// <summary>The reactor that runs its handlers.</summary>
    public Reactor Reactor { get; }

    /// <summary>A place for whatever the handlers want to share.</summary>
    public Hashtable State { get; } = [];

    /// <summary>The last entries of its log, oldest first; at most 1000.</summary>
    public LogEntry[] Log => ReactorLog.Entries;

    /// <summary>The last errors of its handlers, newest first; at most 100.</summary>
    public HandlerError[] Errors => _errors.NewestFirst;

    /// <summary>How many errors its handlers have ended with.</summary>
    public long ErrorCount => _errors.Count;

    /// <summary>Lines received.</summary>
    public long LinesIn => Volatile.Read(ref _linesIn);

    /// <summary>Lines sent.</summary>
    public long LinesOut => Volatile.Read(ref _linesOut);

    /// <summary>Connections that were closed because a line was too long.</summary>
    public long LinesTooLong { get; private set; }

    /// <summary>Times that a connection ended in the middle of a line.</summary>
    public long LinesCutOff { get; private set; }

    /// <summary>When it was made, in local time.</summary>
    public DateTimeOffset StartTime { get; }

    /// <summary>How long it has been there.</summary>
    public TimeSpan Uptime => Reactor.TimeProvider.GetLocalNow() - StartTime;

    internal LineOptions Options { get; }

    internal LineWriter Writer { get; }

    internal ReactorLog ReactorLog { get; }

    /// <summary>For messages.</summary>
    public abstract string Description { get; }

    /// <summary>Ends it as its Stop or Disconnect cmdlet does, without waiting.</summary>
    public abstract void Dispose();

    /// <summary>The description.</summary>
    public override string ToString() => Description;

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

    /// <summary>Notes an error that a handler's own error handler has dealt with, or not.</summary>
    internal void AddError(string handler, LineConnection? connection, Exception error)
    {
        _errors.Add(new HandlerError(Reactor.TimeProvider.GetLocalNow(), handler, connection, error));
        string message = $"{handler} failed: {error.Message}";
        if (connection is null)
            ReactorLog.Add(LogLevel.Error, message);
        else
            ReactorLog.Add(LogLevel.Error, connection, message);
    }

    /// <summary>Writes what a handler has to say to the log, under the connection that it runs for.</summary>
    internal void LogFromHandler(LogLevel level, string message)
    {
        if (Reactor.Watch.Connection is { } connection && connection.Owner == this)
            ReactorLog.Add(level, connection, message);
        else
            ReactorLog.Add(level, message);
    }

    internal static string Describe(CloseReason reason, Exception? error) =>
        error is null ? $"{reason}" : $"{reason} ({error.Message})";

    /// <summary>Frees what it holds when its reactor is gone: nothing is sent and no handler is called any more.</summary>
    internal abstract void Abandon();

    private protected void SetHandler(ILineHandler handler) => _handler = handler;

    /// <summary>Calls a handler; what it throws is noted and closes the connection, but goes no further.</summary>
    private protected void Call<T>(HandlerCall call, LineConnection? connection, T state, Action<T> handler)
    {
        HandlerCall? outer = Reactor.Watch.Enter(call);
        LineConnection? outerConnection = Reactor.Watch.Connection;
        Reactor.Watch.Connection = connection;
        connection?.EnterHandler();
        try
        {
            handler(state);
        }
        catch (Exception e) when (e is not ReactorInterruptedException)
        {
            AddError(call.Name, connection, e);
            connection?.Close(CloseReason.HandlerError, e);
        }
        finally
        {
            Reactor.Watch.Exit(outer);
            Reactor.Watch.Connection = outerConnection;
            connection?.ExitHandler();
        }
    }

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
