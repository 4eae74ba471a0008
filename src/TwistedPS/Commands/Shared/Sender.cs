using System.Management.Automation;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>A sender of what a cmdlet has encoded, to a client's peer, to a connection, or to many.</summary>
internal sealed class Sender(TwistedCommand cmdlet)
{
    private const int SendsUnderWay = 1000;
    private const int BytesUnderWay = 1024 * 1024;
    private const int PieceSize = 65536;

    private static readonly TimeSpan s_runInterval = TimeSpan.FromMilliseconds(10);

    // What a handler sends on its own reactor needs neither.
    private HashSet<Reactor>? _reactors;
    private List<Task>? _underWay;
    private ByteStream? _stream;
    private long _bytesUnderWay;
    private long _lastRun;

    /// <summary>The connection of a server to send to, if the target is one.</summary>
    public Connection? Peer { get; private set; }

    /// <summary>The client to send to, if the target is one.</summary>
    public Client? Client { get; private set; }

    /// <summary>The group to send to, if the target is one.</summary>
    public ConnectionGroup? Group { get; private set; }

    /// <summary>Whether there was no such target, so that nothing is sent.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>The server or client of the target.</summary>
    public NetworkService Owner => Client ?? Peer?.Owner ?? Group!.Server;

    /// <summary>Finds the target: a client, its number or name, a connection, or a group of connections.</summary>
    /// <param name="target">The target, as it was given.</param>
    /// <param name="fits">Whether the connections of a server or client can be sent to.</param>
    /// <returns>False if the target can't be sent to.</returns>
    public bool TryFind(object? target, Func<NetworkService, bool> fits)
    {
        object? identity = target is PSObject wrapped ? wrapped.BaseObject : target;
        Peer = identity is Connection connection && fits(connection.Owner) ? connection : null;
        Group = identity is ConnectionGroup group && fits(group.Server) ? group : null;
        if (identity is not (null or TwistedPS.Connection or ConnectionGroup))
            Client = FindClient(identity, fits);
        return Peer is not null || Group is not null || Client is not null;
    }

    /// <summary>Returns the only argument of the cmdlet as what is to be sent to the peer of the conversation, or throws.</summary>
    /// <param name="only">The argument; null if that is what it is, and for none.</param>
    /// <param name="parameter">The name of the parameter that it is for.</param>
    public object? ForPeer(object? only, string parameter)
    {
        object? given = only is PSObject wrapped ? wrapped.BaseObject : only;
        if (ConversationWork.Current is null)
            cmdlet.ThrowTerminatingError(Errors.ConversationMissing(cmdlet.CommandName, parameter));
        if (given is Connection or ConnectionGroup or Service || !cmdlet.MyInvocation.BoundParameters.ContainsKey(nameof(Connection)))
            cmdlet.ThrowTerminatingError(Errors.MessageMissing(cmdlet.CommandName, parameter));
        return only;
    }

    /// <summary>Writes that there is no such client, or throws where the target can't be one.</summary>
    /// <param name="target">The target, as it was given.</param>
    /// <param name="kind">The kind of the messages, as the nouns of their clients and servers begin.</param>
    public void Refuse(object? target, string kind)
    {
        object? identity = target is PSObject wrapped ? wrapped.BaseObject : target;
        if (identity is not IConvertible)
            cmdlet.ThrowTerminatingError(Errors.CanNotSendTo(target, kind));
        cmdlet.WriteError(Errors.NotFound($"{kind}Client", identity!));
        IsRefused = true;
    }

    /// <summary>Sends to a client's peer or to a connection; many sends may be in flight at once.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="messages">The number of messages in them.</param>
    /// <param name="timeout">The longest time to wait, where there are too many in flight.</param>
    /// <returns>False if there is no connection, after an error is written.</returns>
    public bool Send(ReadOnlyMemory<byte> bytes, int messages, TimeSpan? timeout) => IsFromHandler
        ? SendFromHandler(bytes, messages)
        : Send(() => bytes, messages, timeout, bytes.Length);

    /// <summary>Sends one of the bytes that come one by one, with those that come before the reactor's thread gets to it.</summary>
    /// <param name="single">The byte.</param>
    /// <param name="messages">The number of messages in what goes at once.</param>
    /// <param name="timeout">The longest time to wait, where there are too many in flight.</param>
    public void Send(byte single, int messages, TimeSpan? timeout)
    {
        ByteStream stream = _stream ??= new ByteStream();
        if (stream.Add(single))
            Send(stream.Dequeue, messages, timeout);
        _stream = stream;
        if (stream.Count >= PieceSize)
            WaitUntilSent(timeout);
    }

    private bool Send(Func<ReadOnlyMemory<byte>> bytes, int messages, TimeSpan? timeout, int length = 0)
    {
        if (Client is null && Peer is null)
            return false;
        _stream = null;
        if (IsFromHandler)
            return SendFromHandler(bytes(), messages);
        (_reactors ??= []).Add(Reactor);
        if (Owner.CurrentReactor.IsCurrent)
            return SendToOtherReactor(bytes(), messages);
        (_underWay ??= []).Add(Client?.Output.SendAsync(bytes, messages) ?? Peer!.Output.SendAsync(bytes, messages));
        _bytesUnderWay += length;
        return (_underWay.Count < SendsUnderWay && _bytesUnderWay < BytesUnderWay) || WaitUntilSent(timeout);
    }

    /// <summary>Sends to all connections of a server or of a group, without waiting.</summary>
    public void Broadcast(
        ReadOnlyMemory<byte> bytes, int messages, Server server, ConnectionGroup? group, IReadOnlyCollection<Connection> except)
    {
        if (server.Status != ServerStatus.Running)
        {
            cmdlet.WriteError(Errors.ServerStopped(server));
            return;
        }

        (_reactors ??= []).UnionWith(server.Reactors);
        server.Broadcast(bytes, messages, group, except);
    }

    /// <summary>Waits until all is sent; since it is sent in order, it waits for the last.</summary>
    /// <returns>False if an error was written.</returns>
    public bool WaitUntilSent(TimeSpan? timeout)
    {
        if (_underWay is not { Count: > 0 })
            return true;
        Task[] sent = [.. _underWay];
        _underWay.Clear();
        _bytesUnderWay = 0;
        if (Array.TrueForAll(sent, task => task.IsCompletedSuccessfully))
            return true;
        Reactor reactor = Reactor;
        if (!reactor.IsStopped && !cmdlet.WaitFor(cmdlet.HostOf(reactor), sent[^1], timeout, $"Sending to {Target}", ""))
        {
            cmdlet.WriteError(Errors.SendTimeout(Target, timeout!.Value));
            return false;
        }

        // A client that is connected again meanwhile may have sent the last, but not those before.
        if (Array.Find(sent, task => !task.IsCompletedSuccessfully) is not { } failed)
            return true;
        string message = failed.Exception?.InnerException?.Message ?? $"Reactor {reactor.Id} has stopped.";
        if (Peer is not null && Peer == ConversationWork.Current?.Connection)
            cmdlet.ThrowTerminatingError(Errors.ConversationEnded(Peer));
        cmdlet.WriteError(Errors.NotConnected(Target, message));
        return false;
    }

    /// <summary>
    /// Has a foreground reactor, which sends only while a cmdlet runs it, send what has come from a slow pipeline. A run costs
    /// more than most sends, so what comes fast waits for more.
    /// </summary>
    public void SendAsItComes()
    {
        if (!cmdlet.MyInvocation.ExpectingInput || TimeProvider.System.GetElapsedTime(_lastRun) < s_runInterval)
            return;
        RunForeground();
        _lastRun = TimeProvider.System.GetTimestamp();
    }

    /// <summary>Waits for what is in flight. On a foreground reactor, runs the handlers of it.</summary>
    public void Finish(TimeSpan? timeout)
    {
        WaitUntilSent(timeout);
        RunForeground();
    }

    /// <summary>Ends sending, as a half-close does.</summary>
    public void EndSending(IEnumerable<Connection> except)
    {
        Client?.Output.EndSending();
        foreach (Connection? connection in Group?.Members.Except(except) ?? [Peer])
            connection?.EndSending();
    }

    /// <summary>What an error is about: of a client its connection, if it has had one.</summary>
    private object Target => Client is null ? Peer! : (object?)Client.Connection ?? Client;

    private bool IsFromHandler => (Client is not null || Peer is not null) && Reactor.IsCurrent;

    private Reactor Reactor => Peer?.Reactor ?? Owner.Reactor;

    /// <summary>Sends without waiting: the other reactor of the server may wait for this one.</summary>
    private bool SendToOtherReactor(ReadOnlyMemory<byte> bytes, int messages)
    {
        Connection peer = Peer!;
        if (peer.Status == ConnectionStatus.Open)
        {
            peer.Reactor.Post(() => peer.Output.WriteFromHandler(bytes.Span, messages));
            return true;
        }

        cmdlet.WriteError(Errors.NotConnected(Target, peer.NotConnected().Message));
        return false;
    }

    private bool SendFromHandler(ReadOnlyMemory<byte> bytes, int messages)
    {
        try
        {
            if (Client is not null)
                Client.Output.Write(bytes, messages);
            else if (!Peer!.Output.WriteFromHandler(bytes.Span, messages))
                throw new NotConnectedException($"The connection {Peer} is closed.");
            return true;
        }
        catch (NotConnectedException e)
        {
            cmdlet.WriteError(Errors.NotConnected(Target, e.Message));
            return false;
        }
        catch (SendBufferFullException e)
        {
            cmdlet.WriteError(Errors.SendBufferFull(Client!, e));
            return false;
        }
    }

    private void RunForeground()
    {
        foreach (Reactor reactor in _reactors ?? Enumerable.Empty<Reactor>())
        {
            if (!reactor.IsStopped && !reactor.IsRunning && cmdlet.HostOf(reactor) is ForegroundReactor { IsForCaller: true } foreground)
                foreground.RunUntilIdle(cmdlet, cmdlet.CancelToken);
        }
    }

    private Client? FindClient(object identity, Func<NetworkService, bool> fits) => identity is Client given
        ? fits(given) ? given : null
        : cmdlet.Session.Alive<Client>().Where(client => fits(client)).FirstOrDefault(client =>
            client.Id == WholeNumber.Of(identity)
            || string.Equals(client.Name, $"{identity}", StringComparison.OrdinalIgnoreCase)
            || string.Equals(client.Name, WildcardPattern.Unescape($"{identity}"), StringComparison.OrdinalIgnoreCase));
}
