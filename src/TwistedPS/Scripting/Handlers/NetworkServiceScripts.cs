using System.Management.Automation;
using System.Management.Automation.Internal;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Services;
using TwistedPS.Engine.Streams;
using TwistedPS.Scripting.Inlining;

namespace TwistedPS.Scripting;

/// <summary>A protocol made of scriptblocks, for a server or a client: what a handler outputs is sent to the connection.</summary>
/// <typeparam name="TMessage">Lines are strings; data are bytes.</typeparam>
internal sealed partial class NetworkServiceScripts<TMessage>(
    ReactorHost host, HandlerScope scope, string ownerVariable, OutputFormat<TMessage> format)
    : Scripts(host, scope, ownerVariable), IConnectionHandler<TMessage>, IServerHandler, IClientHandler
{
    private Verdict? _inlining;
    private Verdict? _inliningOfData;
    private InlinedHandler? _inlinedBoth;
    private LoopedHandler? _looped;
    private LoopedHandler? _loopedOfData;

    public override IEnumerable<(string Handler, Verdict? Verdict)> Inlining(string onMessage) =>
        [(onMessage, _inlining), (nameof(OnData), _inliningOfData)];

    public OutputFormat<TMessage> Format => format;

    public ScriptHandler? OnStart { get; init; }

    public ScriptHandler? OnConnecting { get; init; }

    public ScriptHandler? OnConnectFailed { get; init; }

    public ScriptHandler? OnConnect { get; init; }

    public ScriptHandler? OnMessage { get; init; }

    /// <summary>The handler of bytes that are read in place of messages.</summary>
    public ScriptHandler? OnData { get; init; }

    /// <summary>The handler of messages that are too long.</summary>
    public ScriptHandler? OnTooLong { get; init; }

    public ScriptHandler? OnEnd { get; init; }

    public ScriptHandler? OnDrain { get; init; }

    public ScriptHandler? OnDisconnect { get; init; }

    public ScriptHandler? OnError { get; init; }

    public ScriptHandler? OnStop { get; init; }

    protected override IEnumerable<ScriptHandler?> All =>
        [OnStart, OnConnecting, OnConnectFailed, OnConnect, OnMessage, OnData, OnTooLong, OnEnd, OnDrain, OnDisconnect, OnError, OnStop];

    public override void Bind()
    {
        base.Bind();
        HandlerInput input = HandlerInput.Of(OwnerVariable, isText: typeof(TMessage) == typeof(string));
        if (Format.ToMessage is not null)
        {
            _inlining = OnMessage?.Inline(input, Host.Reactor);
            _inliningOfData = OnData?.Inline(input.OfData, Host.Reactor);
        }

        _looped = _inlining?.Handler is null ? OnMessage?.Loop(input) : null;
        _loopedOfData = _inliningOfData?.Handler is null ? OnData?.Loop(input.OfData) : null;
        _inlinedBoth = (_inlining, _inliningOfData) is ({ Handler: not null }, { Handler: not null })
            ? OnMessage!.InlineWith(OnData!, input, Host.Reactor)
            : null;
    }

    /// <summary>The conversations of a server, which get its messages in place of a handler; null for none.</summary>
    public Conversations<TMessage>? Conversations { get; set; }

    /// <summary>Whether one script calls the handlers of messages and of bytes.</summary>
    public bool InlinesBoth => _inlinedBoth is not null;

    public bool HandlesData => OnData is not null;

    public bool HandlesTooLong => OnTooLong is not null;

    public void Started(Server server)
    {
        Initialize();
        Call(OnStart, server, server, server);
    }

    void IServerHandler.Prepare() => PrepareFurther();

    public void Stopped(Server server) => Run(OnStop, server, server, server);

    public void Connecting(Client client) => Run(OnConnecting, client, client, client);

    public void ConnectFailed(Client client, Exception error)
    {
        ErrorRecord record = Errors.AttemptFailed(error, client);
        Run(OnConnectFailed, client, record, client, record);
    }

    public Task EndWork() => Conversations?.End() ?? Task.CompletedTask;

    public void Connected(Connection connection)
    {
        Run("OnConnect", OnConnect, connection, connection);
        Conversations?.Begin(RecipientOf((MessageConnection<TMessage>)connection));
    }

    public void Received(Connection connection, TMessage message)
    {
        if (TryRead(message, out object? given, out RuntimeException? invalid))
            Run(connection.Owner.OnMessage.Name, OnMessage, connection, given, given);
        else
            Refuse(connection, invalid);
    }

    void IConnectionHandler<TMessage>.Received(Connection connection, MessageBatch<TMessage> messages)
    {
        while (messages.NextCall())
        {
            if (InlinedFor(messages.Kind) is { } inlined)
                RunInlined(inlined, (MessageConnection<TMessage>)connection, messages);
            else if (!TryRead(messages, out object? given, out RuntimeException? invalid))
                Refuse(connection, invalid);
            else if (LoopedFor(messages.Kind) is { } looped && looped.Fits(given))
                RunLooped(looped, (MessageConnection<TMessage>)connection, messages, given);
            else
                Run(connection.Owner.HandlerOf(messages.Kind).Name, HandlerOf(messages.Kind), connection, given, given);
        }
    }

    /// <summary>Reads what the handler is given in the current call.</summary>
    /// <param name="messages">The calls.</param>
    /// <param name="given">What it is given.</param>
    /// <param name="invalid">What is wrong with the message; null for nothing.</param>
    /// <returns>False if the handler is not to be called.</returns>
    public bool TryRead(MessageBatch<TMessage> messages, out object? given, out RuntimeException? invalid)
    {
        (given, invalid) = (messages.Given, null);
        return messages.Kind != ArrivalKind.Message || TryRead(messages.Current, out given, out invalid);
    }

    /// <summary>Returns the handler for what has arrived.</summary>
    public ScriptHandler? HandlerOf(ArrivalKind kind) => kind switch
    {
        ArrivalKind.Data => OnData,
        ArrivalKind.TooLong => OnTooLong,
        _ => OnMessage,
    };

    public void ReadEnded(Connection connection) => Run("OnEnd", OnEnd, connection, connection);

    public void Drained(Connection connection) => Run("OnDrain", OnDrain, connection, connection);

    public void Disconnected(Connection connection, CloseReason reason) =>
        Run("OnDisconnect", OnDisconnect, connection, reason, reason);

    /// <summary>Deals with the error that a handler of a connection, or what it left behind, has ended with.</summary>
    public void Failed(string handler, Recipient recipient, Exception error)
    {
        Connection connection = recipient.Connection!;
        connection.Owner.AddError(handler, connection, error);
        if (OnError is null)
        {
            Report($"{handler} of {connection.Owner}", error);
            connection.Close(CloseReason.HandlerError, error);
            return;
        }

        CallOnError(connection, recipient, error);
    }

    private bool TryRead(TMessage message, out object? given, out RuntimeException? invalid)
    {
        (given, invalid) = (null, null);
        if (OnMessage is null)
            return false;
        try
        {
            given = Format.Given(message);
            return given != AutomationNull.Value;
        }
        catch (RuntimeException e) when (e.InnerException is InvalidMessageException)
        {
            invalid = e;
            return false;
        }
    }

    /// <summary>Passes on to OnError what is wrong with a message, or closes the connection.</summary>
    private void Refuse(Connection connection, RuntimeException? error)
    {
        if (error?.InnerException is not InvalidMessageException invalid)
            return;
        connection.Part.MessageWasInvalid(connection, invalid);
        if (OnError is null)
            connection.Close(invalid.Reason, invalid);
        else
            CallOnError(connection, RecipientOf((MessageConnection<TMessage>)connection), error);
    }

    private void CallOnError(Connection connection, Recipient recipient, Exception error) =>
        connection.Owner.Call(new HandlerCall(connection.Owner, "OnError"), connection, error, it => CallOnError(recipient, it));

    private InlinedHandler? InlinedFor(ArrivalKind kind) => kind switch
    {
        ArrivalKind.Message => _inlinedBoth ?? _inlining?.Handler,
        ArrivalKind.Data => _inlinedBoth ?? _inliningOfData?.Handler,
        _ => null,
    };

    private LoopedHandler? LoopedFor(ArrivalKind kind) => kind switch
    {
        ArrivalKind.Message => _looped,
        ArrivalKind.Data => _loopedOfData,
        _ => null,
    };

    private void CallOnError(Recipient recipient, Exception error)
    {
        ErrorRecord record = Errors.RecordOf(error);
        try
        {
            Call(OnError!, recipient, [], record, recipient.Connection, record);
        }
        catch (RuntimeException e)
        {
            Report($"{Host.Reactor.Watch.Current?.Handler}", e);
            throw;
        }
    }

    private void Run(string name, ScriptHandler? handler, Connection connection, object? dollarUnder, params object?[] more)
    {
        if (handler is null)
            return;
        ConnectionRecipient<TMessage> recipient = RecipientOf((MessageConnection<TMessage>)connection);
        try
        {
            Call(handler, recipient, [], dollarUnder, [connection, .. more]);
        }
        catch (RuntimeException e)
        {
            Failed(name, recipient, e);
        }
    }

    /// <summary>One for each connection, made when it is needed first.</summary>
    private ConnectionRecipient<TMessage> RecipientOf(MessageConnection<TMessage> connection)
    {
        // Set-LineServer may have replaced the scripts that made it.
        if (connection.HandlerState is ConnectionRecipient<TMessage> recipient && recipient.Scripts == this)
            return recipient;
        recipient = new ConnectionRecipient<TMessage>(this, connection);
        connection.HandlerState = recipient;
        return recipient;
    }
}
