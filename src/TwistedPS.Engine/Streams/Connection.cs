using System.Collections;
using System.Net;
using Newtonsoft.Json;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Services;
using TwistedPS.Engine.Streams;
using TwistedPS.Engine.Transports;

namespace TwistedPS;

/// <summary>
/// A connection of a server or client: <c>$Connection</c> in a handler. Members may be used from any thread; on threads
/// other than the reactor's, their work is done there, soon.
/// </summary>
public abstract partial class Connection : IDisposable, ICallTarget
{
    private static int s_lastId;

    private readonly ConnectionClosing _closing;
    private Pauses? _pauses;
    private Hashtable? _state;

    private protected Connection(ServicePart part, int number)
    {
        Part = part;
        Output = new ConnectionOutput(this);
        _closing = new ConnectionClosing(this);
        Number = number;
        Id = Interlocked.Increment(ref s_lastId);
    }

    /// <summary>Its number, counted from 1 in this process.</summary>
    public int Id { get; }

    /// <summary>Its number among those of its server or client, counted from 0.</summary>
    public int Number { get; }

    /// <summary>The server or client that it belongs to.</summary>
    [JsonIgnore]
    public NetworkService Owner => Part.Owner;

    /// <summary>The address of the peer.</summary>
    public Address RemoteAddress => Transport?.RemoteAddress ?? TwistedPS.Address.Memory;

    /// <summary>The address of this side.</summary>
    public Address LocalAddress => Transport?.LocalAddress ?? TwistedPS.Address.Memory;

    /// <summary>The end point of the peer; null in memory.</summary>
    [JsonIgnore]
    public EndPoint? RemoteEndPoint => RemoteAddress.EndPoint;

    /// <summary>The end point of this side; null in memory.</summary>
    [JsonIgnore]
    public EndPoint? LocalEndPoint => LocalAddress.EndPoint;

    /// <summary>The peer's IP address as text; null in memory and at a UNIX socket.</summary>
    public string? Address => RemoteAddress.IP?.ToString();

    /// <summary>The process and user at the other end of a UNIX socket, on Linux; null otherwise.</summary>
    public PeerCredential? PeerCredential => RemoteAddress.Credential;

    /// <summary>The state of the connection.</summary>
    public ConnectionStatus Status { get; private set; } = ConnectionStatus.Open;

    /// <summary>The reason for the close; <see cref="CloseReason.None"/> while it is open.</summary>
    public CloseReason CloseReason => Transport?.Reason ?? CloseReason.None;

    /// <summary>The error behind <see cref="CloseReason"/>, if any.</summary>
    internal Exception? CloseError => Transport?.Error;

    /// <summary>A place for state that the handlers keep with this connection.</summary>
    [JsonIgnore]
    public Hashtable State => _state ??= new StateTable();

    /// <summary>The number of bytes received.</summary>
    public long BytesIn => Transport?.Traffic.BytesIn ?? 0;

    /// <summary>The number of bytes taken by the kernel.</summary>
    public long BytesOut => Transport?.Traffic.BytesOut ?? 0;

    /// <summary>The number of bytes that wait for the peer to read.</summary>
    public int UnsentBytes => Transport?.UnsentBytes ?? 0;

    /// <summary>The outcome of its TLS handshake; null without TLS, and before its end.</summary>
    public TlsDetails? Tls => Transport?.Tls?.Details;

    /// <summary>The time of the connection, in local time.</summary>
    public DateTimeOffset ConnectedAt { get; private set; }

    /// <summary>A place for state that the handlers' implementation keeps with it.</summary>
    internal object? HandlerState { get; set; }

    /// <summary>Raised on the reactor's thread when it has ended, before OnDisconnect.</summary>
    internal event Action? Ended;

    /// <summary>Raised on the reactor's thread when it is told to close.</summary>
    internal event Action? Closing;

    internal Transport? Transport { get; private set; }

    internal ConnectionOutput Output { get; }

    /// <summary>Whether its bytes go to another connection instead of its handlers.</summary>
    internal bool IsRelayed { get; private set; }

    /// <summary>The source of its messages, which can wait.</summary>
    internal IProducer Producer => _pauses ??= new Pauses(Receiver.Pause, Receiver.Resume);

    Service ICallTarget.Owner => Owner;

    IProducer ICallTarget.Producer => Producer;

    internal abstract IMessageReceiver Receiver { get; }

    /// <summary>Sends text exactly as it is, in the encoding of the connection, with nothing added.</summary>
    /// <exception cref="NotConnectedException">The connection is closed or closing.</exception>
    public void Write(string? text) => Write(RawOutput.Encode(text, Owner.Encoding));

    /// <summary>Sends bytes exactly as they are, with nothing added.</summary>
    /// <exception cref="NotConnectedException">The connection is closed or closing.</exception>
    public void Write(byte[]? bytes) => Send(() => Output.WriteFromHandler(bytes, messages: 0));

    /// <summary>
    /// Sends anything else, with nothing added: a sequence as the bytes and texts in it, numbers in it as bytes; a single
    /// number, like any other object, as its text.
    /// </summary>
    /// <exception cref="NotConnectedException">The connection is closed or closing.</exception>
    public void Write(object? value) => Write(RawOutput.Encode(value, Owner.Encoding));

    /// <summary>Closes it once all output is sent, in a handler including the handler's own.</summary>
    public void Close() => Close(CloseReason.Done);

    /// <summary>Closes it, like <see cref="Close()"/>.</summary>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Ends sending once all output is sent, in a handler including the handler's own, and goes on receiving until the peer
    /// closes.
    /// </summary>
    public void EndSending() => Reactor.Do(_closing.EndSending);

    /// <summary>
    /// Begins TLS (STARTTLS, Twisted's <c>startTLS</c>). What has been output or sent before goes in plain text, all that follows is
    /// encrypted; what the peer has sent behind its request is dropped. A failed handshake closes it with <see cref="CloseReason.TlsFailed"/>.
    /// </summary>
    /// <exception cref="NotConnectedException">The connection is closed or closing.</exception>
    /// <exception cref="InvalidOperationException">It can't begin: see the message.</exception>
    public void StartTls() => TlsStart.From(this, Owner.TlsSettings);

    /// <summary>Drops it at once, along with any unsent output.</summary>
    public void Abort() => Reactor.Do(() => Transport?.Abort(CloseReason.Aborted));

    /// <summary>Stops receiving until <see cref="Resume"/>.</summary>
    public void Pause() => Reactor.Do(() => Producer.Pause(this));

    /// <summary>Resumes receiving after <see cref="Pause"/>.</summary>
    public void Resume() => Reactor.Do(() => Producer.Resume(this));

    /// <summary>
    /// Relays between it and another connection, both ways, until one of them ends: the bytes as they are, those not yet handled
    /// first. Neither is read faster than the other's peer reads. A half-close is passed on; when both have ended, both close;
    /// the loss or abort of one aborts the other. No handlers of messages are called any more.
    /// </summary>
    /// <exception cref="NotConnectedException">One of them is closed or closing.</exception>
    /// <exception cref="InvalidOperationException">They can't be relayed: see the message.</exception>
    public void RelayTo(Connection other) => Relay.Start(this, other);

    /// <summary>Relays to the connection of a client, once there is one, or to a process, which is stopped when this ends first.</summary>
    /// <exception cref="NotConnectedException">The connection is closed, or the client neither connected nor connecting.</exception>
    /// <exception cref="InvalidOperationException">They can't be relayed: see the message.</exception>
    public void RelayTo(Service other) => Relay.Start(this, other);

    /// <summary>Returns the owner's name, the number and the peer, on one line.</summary>
    public override string ToString() => VisibleText.Of($"{Owner.Name},{Number},{RemoteAddress}");

    internal void Start(Transport transport)
    {
        transport.Limit.Bytes = Owner.Options.SendBufferLimit;
        transport.DrainTime = Owner.Options.DrainTime;
        ConnectedAt = Reactor.TimeProvider.GetLocalNow();
        Transport = transport;
        if (Owner.Traffic is not null)
            transport.Wrap(carrier => Owner.Traffic.Wrap(carrier, Number, ToString()));
        transport.Start(Receiver);
    }

    /// <inheritdoc cref="ConnectionClosing.IsHeld"/>
    internal bool IsHeld => _closing.IsHeld;

    /// <inheritdoc cref="ConnectionClosing.Hold"/>
    internal void Hold() => _closing.Hold();

    internal void Release() => _closing.Release();

    void ICallTarget.Hold() => Hold();

    void ICallTarget.Release() => Release();

    void ICallTarget.Fail(Exception error) => Close(CloseReason.HandlerError, error);

    void ICallTarget.Log(LogLevel level, string message) => Log(level, message);

    /// <summary>Writes to the owner's log, under its number and the address of its peer.</summary>
    internal void Log(LogLevel level, string message) => Owner.ReactorLog.Add(level, Number, RemoteAddress.Host, message);

    internal void Close(CloseReason reason, Exception? error = null) => Reactor.Do(() =>
    {
        if (!_closing.Close(reason, error))
            return;
        if (Status == ConnectionStatus.Open)
            Status = ConnectionStatus.Closing;
        Receiver.Stop();
        Output.LetGo();
        Closing?.Invoke();
    });

    /// <summary>Closes it with a time limit of its own for the peer and for answers. On the reactor's thread only.</summary>
    internal void Close(CloseReason reason, TimeSpan drainTime) => _closing.CloseWithin(drainTime, reason);

    /// <summary>Drops it for a given reason. On the reactor's thread only.</summary>
    internal void Abort(CloseReason reason) => Transport?.Abort(reason);

    /// <summary>Frees it when its reactor is gone.</summary>
    internal void Abandon()
    {
        Status = ConnectionStatus.Closed;
        Transport?.Abandon();
        Output.Fail(NotConnected());
    }

    /// <summary>Does what writes to it on the reactor's thread.</summary>
    /// <exception cref="NotConnectedException">The connection is closed or closing.</exception>
    private protected void Send(Action write)
    {
        if (Transport is not { IsOpen: true })
            throw NotConnected();
        Reactor.Do(write);
    }

    /// <summary>Counts messages that are sent.</summary>
    internal abstract void NoteSent(int count);

    private protected void Made(Transport transport)
    {
        BeginTimeLimits();
        Owner.ConnectionMade(this);
    }

    /// <summary>Notes the end of the peer's bytes.</summary>
    internal void PeerEnded()
    {
        if (!IsRelayed)
            Owner.ReadEnded(this);
        _closing.PeerHasEnded();
    }

    /// <summary>Stops delivering messages for good.</summary>
    internal void PrepareRelay(Relay relay)
    {
        IsRelayed = true;
        Producer.Pause(relay);
    }

    /// <summary>Sends its bytes to the other end from now on.</summary>
    internal void BeginRelay(IRelayEnd other)
    {
        _closing.BeginRelay();
        new RelaySide(this, other).Begin();
    }

    private protected void OutputDrained()
    {
        Output.Drained();
        if (!IsRelayed)
            Owner.OutputDrained(this);
    }

    private protected void Lost(CloseReason reason, Exception? error)
    {
        Status = ConnectionStatus.Closed;
        EndTimeLimits();
        _closing.Done();
        Output.Fail(NotConnected());
        Ended?.Invoke();
        Owner.ConnectionLost(this, reason, error);
    }

    /// <summary>Returns how it has ended, for a sentence about that.</summary>
    internal string DescribeEnd() => _closing.DescribeEnd();

    internal NotConnectedException NotConnected() =>
        new($"The connection {this} is {_closing.DescribeState()}.");
}
