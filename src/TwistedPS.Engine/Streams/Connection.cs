using System.Collections;
using System.Net;
using Newtonsoft.Json;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Services;
using TwistedPS.Engine.Streams;
using TwistedPS.Engine.Transports;

namespace TwistedPS;

/// <summary>
/// A connection of a server or client: <c>$Connection</c> in a handler. Members may be used from any thread; on threads
/// other than the reactor's, their work is done there, soon.
/// </summary>
public abstract class Connection : IDisposable, ICallTarget
{
    private static int s_lastId;

    private IdleTimeout? _idleTimeout;
    private DelayedCall? _closeLimit;
    private Hashtable? _state;
    private int _holds;
    private bool _endsSending;
    private bool _peerHasEnded;
    private CloseReason _closeWhenReleased;
    private Exception? _closeError;

    private protected Connection(NetworkService owner, int number)
    {
        Owner = owner;
        Output = new ConnectionOutput(this);
        Number = number;
        Id = Interlocked.Increment(ref s_lastId);
    }

    /// <summary>Its number, counted from 1 in this process.</summary>
    public int Id { get; }

    /// <summary>Its number among those of its server or client, counted from 0.</summary>
    public int Number { get; }

    /// <summary>The server or client that it belongs to.</summary>
    [JsonIgnore]
    public NetworkService Owner { get; }

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

    /// <summary>The peer's IP address as text; null in memory.</summary>
    public string? Address => RemoteAddress.IP?.ToString();

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
    public long BytesIn => Transport?.BytesIn ?? 0;

    /// <summary>The number of bytes taken by the kernel.</summary>
    public long BytesOut => Transport?.BytesOut ?? 0;

    /// <summary>The number of bytes that wait for the peer to read.</summary>
    public int UnsentBytes => Transport?.UnsentBytes ?? 0;

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

    Service ICallTarget.Owner => Owner;

    private protected Reactor Reactor => Owner.Reactor;

    private protected abstract IMessageReceiver Receiver { get; }

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
    public void EndSending() => Reactor.Do(() =>
    {
        _endsSending = true;
        if (_holds == 0)
            EndOutput();
    });

    /// <summary>Drops it at once, along with any unsent output.</summary>
    public void Abort() => Reactor.Do(() => Transport?.Abort(CloseReason.Aborted));

    /// <summary>Stops receiving until <see cref="Resume()"/>.</summary>
    public void Pause() => Pause(PauseReasons.Handler);

    /// <summary>Resumes receiving after <see cref="Pause()"/>.</summary>
    public void Resume() => Resume(PauseReasons.Handler);

    /// <summary>Returns the owner's name, the number and the peer.</summary>
    public override string ToString() => $"{Owner.Name},{Number},{RemoteAddress}";

    internal void Start(Transport transport)
    {
        transport.SendBufferLimit = Owner.Options.SendBufferLimit;
        transport.DrainTime = Owner.Options.DrainTime;
        ConnectedAt = Reactor.TimeProvider.GetLocalNow();
        Transport = transport;
        transport.Start(Receiver);
    }

    /// <summary>
    /// Keeps it from closing while a handler runs or an answer is still to come. A close that is requested meanwhile is done
    /// at the last <see cref="Release"/>. On the reactor's thread only.
    /// </summary>
    internal void Hold() => _holds++;

    internal void Release()
    {
        if (--_holds > 0)
            return;
        if (_closeWhenReleased != CloseReason.None)
            Transport?.Close(_closeWhenReleased, _closeError);
        else if (_endsSending)
            EndOutput();
    }

    internal void Pause(PauseReasons reason) => Reactor.Do(() => Receiver.Pause(reason));

    internal void Resume(PauseReasons reason) => Reactor.Do(() => Receiver.Resume(reason));

    void ICallTarget.Hold() => Hold();

    void ICallTarget.Release() => Release();

    void ICallTarget.Fail(Exception error) => Close(CloseReason.HandlerError, error);

    void ICallTarget.Log(LogLevel level, string message) => Log(level, message);

    /// <summary>Writes to the owner's log, under its number and the address of its peer.</summary>
    internal void Log(LogLevel level, string message) => Owner.ReactorLog.Add(level, Number, RemoteAddress.Host, message);

    internal void Close(CloseReason reason, Exception? error = null) => Reactor.Do(() =>
    {
        if (Transport is not { IsOpen: true } || _closeWhenReleased != CloseReason.None)
            return;
        if (Status == ConnectionStatus.Open)
            Status = ConnectionStatus.Closing;
        Receiver.Stop();
        Closing?.Invoke();
        (_closeWhenReleased, _closeError) = (reason, error);
        if (_holds == 0)
            Transport.Close(reason, error);
    });

    /// <summary>Closes it with a time limit of its own for the peer and for answers. On the reactor's thread only.</summary>
    internal void Close(CloseReason reason, TimeSpan drainTime)
    {
        if (Transport is null || Status == ConnectionStatus.Closed)
            return;
        Transport.DrainTime = drainTime;
        Close(reason);
        _closeLimit?.Cancel();
        _closeLimit = Reactor.CallLater(drainTime, () => Transport.Abort(reason));
    }

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
        if (Owner.Options.IdleTimeout is { } limit)
        {
            _idleTimeout = new IdleTimeout(
                Reactor.Loop, limit, () => transport.LastActivity, () => transport.Abort(CloseReason.TimedOut));
            _idleTimeout.Start();
        }

        Owner.ConnectionMade(this);
    }

    private protected void PeerEnded()
    {
        _peerHasEnded = true;
        Owner.ReadEnded(this);
        CloseIfBothHaveEnded();
    }

    private protected void OutputDrained() => Output.Drained();

    private protected void Lost(CloseReason reason, Exception? error)
    {
        Status = ConnectionStatus.Closed;
        _idleTimeout?.Stop();
        _closeLimit?.Cancel();
        Output.Fail(NotConnected());
        Ended?.Invoke();
        Owner.ConnectionLost(this, reason, error);
    }

    private void EndOutput()
    {
        Transport?.EndOutput();
        CloseIfBothHaveEnded();
    }

    private void CloseIfBothHaveEnded()
    {
        if (_endsSending && _peerHasEnded)
            Close();
    }

    internal NotConnectedException NotConnected() => new(
        CloseReason == CloseReason.None
            ? $"The connection {this} is not open."
            : $"The connection {this} is closed ({CloseReason}).");
}
