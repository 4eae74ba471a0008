using System.Management.Automation;
using TwistedPS.Engine.Framing;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>A sender of a cmdlet's messages to a client's peer, to a connection, or to many.</summary>
/// <param name="cmdlet">The cmdlet.</param>
/// <param name="kind">The kind of the messages, as the nouns of their clients and servers begin.</param>
internal sealed class Sender<TMessage>(TwistedCommand cmdlet, string kind)
{
    private const int MessagesUnderWay = 1000;

    private readonly HashSet<Reactor> _reactors = [];
    private MessageConnection<TMessage>? _connection;
    private Task _lastSent = Task.CompletedTask;
    private int _underWay;

    /// <summary>The client to send to, if the target is one.</summary>
    public MessageClient<TMessage>? Client { get; private set; }

    /// <summary>The group to send to, if the target is one.</summary>
    public ConnectionGroup? Group { get; private set; }

    /// <summary>The message format of the target.</summary>
    public IMessageFormat<TMessage>? Format =>
        Client?.Format ?? _connection?.Format ?? (Group?.Server as MessageServer<TMessage>)?.Format;

    /// <summary>Finds the target: a client, its number or name, a connection, or a group of connections.</summary>
    /// <returns>False if there is no such client, after an error is written.</returns>
    public bool TryFind(object? target)
    {
        object? identity = target is PSObject wrapped ? wrapped.BaseObject : target;
        _connection = identity as MessageConnection<TMessage>;
        Group = identity is ConnectionGroup { Server: MessageServer<TMessage> } group ? group : null;
        if (_connection is null && Group is null && identity is not null)
            Client = identity as MessageClient<TMessage> ?? FindClient(identity);
        if (_connection is not null || Group is not null || Client is not null)
            return true;
        if (identity is not IConvertible)
            cmdlet.ThrowTerminatingError(Errors.CanNotSendTo(target, kind));
        cmdlet.WriteError(Errors.NotFound($"{kind}Client", identity!));
        return false;
    }

    /// <summary>Sends to a client's peer or to a connection; many messages may be in flight at once.</summary>
    /// <returns>False if there is no connection, after an error is written.</returns>
    public bool Send(TMessage message, TimeSpan? timeout)
    {
        if (Connection is not { } connection)
        {
            if (Client is not null)
                cmdlet.WriteError(Errors.NotConnected(Client, $"The {Client} is not connected."));
            return false;
        }

        _reactors.Add(connection.Owner.Reactor);
        if (connection.Owner.Reactor.IsCurrent)
        {
            if (connection.WriteFromHandler(message))
                return true;
            cmdlet.WriteError(Errors.NotConnected(connection, $"The connection {connection} is closed."));
            return false;
        }

        _connection = connection;
        _lastSent = connection.SendAsync(message);
        return ++_underWay < MessagesUnderWay || WaitUntilSent(timeout);
    }

    /// <summary>Sends to all connections of a server or of a group, without waiting.</summary>
    public void Broadcast(TMessage message, MessageServer<TMessage> server, ConnectionGroup? group, IReadOnlyCollection<Connection> except)
    {
        if (server.Status != ServerStatus.Running)
        {
            cmdlet.WriteError(Errors.ServerStopped(server));
            return;
        }

        _reactors.Add(server.Reactor);
        server.Broadcast(message, () => (group?.Members ?? server.Connections).Except(except));
    }

    /// <summary>Waits until all messages are sent; since they are sent in order, it waits for the last one.</summary>
    /// <returns>False if an error was written.</returns>
    public bool WaitUntilSent(TimeSpan? timeout)
    {
        Task sent = _lastSent;
        (_lastSent, _underWay) = (Task.CompletedTask, 0);
        if (_connection is null || sent.IsCompletedSuccessfully)
            return true;
        NetworkService owner = _connection.Owner;
        if (!owner.Reactor.IsStopped
            && !cmdlet.WaitFor(cmdlet.HostOf(owner.Reactor), sent, timeout, $"Sending to {_connection}", ""))
        {
            cmdlet.WriteError(Errors.SendTimeout(_connection, timeout!.Value));
            return false;
        }

        if (sent.IsCompletedSuccessfully)
            return true;
        string message = sent.Exception?.InnerException?.Message ?? $"Reactor {owner.Reactor.Id} has stopped.";
        cmdlet.WriteError(Errors.NotConnected(_connection, message));
        return false;
    }

    /// <summary>Waits for messages in flight. On a foreground reactor, runs the handlers of those messages.</summary>
    public void Finish(TimeSpan? timeout)
    {
        WaitUntilSent(timeout);
        foreach (Reactor reactor in _reactors)
        {
            if (!reactor.IsStopped && !reactor.IsRunning && cmdlet.HostOf(reactor) is ForegroundReactor foreground)
                foreground.RunUntilIdle(cmdlet, cmdlet.CancelToken);
        }
    }

    /// <summary>Ends sending, as a half-close does.</summary>
    public void EndSending(IEnumerable<Connection> except)
    {
        foreach (Connection? connection in Group?.Members.Except(except) ?? [Connection])
            connection?.EndSending();
    }

    /// <summary>The connection, looked up each time: the client may have been connected again.</summary>
    private MessageConnection<TMessage>? Connection =>
        Client is null ? _connection : (MessageConnection<TMessage>?)Client.Connection;

    private MessageClient<TMessage>? FindClient(object identity) => cmdlet.Session.Alive<MessageClient<TMessage>>()
        .FirstOrDefault(client =>
            LanguagePrimitives.Equals(client.Id, identity)
            || string.Equals(client.Name, $"{identity}", StringComparison.OrdinalIgnoreCase));
}
