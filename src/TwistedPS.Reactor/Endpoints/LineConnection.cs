using System.Buffers;
using System.Collections;
using System.Net;

namespace TwistedPS;

/// <summary>
/// One connection that carries lines: <c>$Connection</c> in a handler. Members may be used from any thread; on other
/// threads than the reactor's, what they ask for is done there, soon.
/// </summary>
public sealed class LineConnection : IMessageHandler<string>, IDisposable
{
    private static int s_lastId;

    private readonly LineEndpoint _owner;
    private readonly LineFramer _framer;
    private readonly MessageReceiver<string> _receiver;
    private readonly LineWriter _writer;
    private readonly PendingSends _pendingSends = new();
    private StreamTransport? _transport;
    private IdleTimeout? _idleTimeout;
    private Hashtable? _state;
    private bool _invalidBytesNoted;
    private bool _inHandler;
    private CloseReason _closeAfterHandler;
    private Exception? _closeError;

    internal LineConnection(LineEndpoint owner, int number)
    {
        _owner = owner;
        _framer = owner.Options.CreateFramer();
        _receiver = new MessageReceiver<string>(_framer, this);
        _writer = owner.Writer;
        Number = number;
        Id = Interlocked.Increment(ref s_lastId);
    }

    /// <summary>The number of this connection, counted from 1 in this process.</summary>
    public int Id { get; }

    /// <summary>The number of this connection among those of its server, counted from 0.</summary>
    public int Number { get; }

    /// <summary>The server or client that it belongs to.</summary>
    public LineEndpoint Owner => _owner;

    /// <summary>The peer; null over the in-memory transport.</summary>
    public EndPoint? RemoteEndPoint => _transport?.RemoteEndPoint;

    /// <summary>This side; null over the in-memory transport.</summary>
    public EndPoint? LocalEndPoint => _transport?.LocalEndPoint;

    /// <summary>The peer's IP address as text; null over the in-memory transport.</summary>
    public string? Address => RemoteAddress?.ToString();

    /// <summary>Whether it is open, closing or closed.</summary>
    public ConnectionStatus Status { get; private set; } = ConnectionStatus.Open;

    /// <summary>Why it closed; <see cref="CloseReason.None"/> while it is open.</summary>
    public CloseReason CloseReason => _transport?.Reason ?? CloseReason.None;

    /// <summary>The error behind <see cref="CloseReason"/>, if there was one.</summary>
    public Exception? CloseError => _transport?.Error;

    /// <summary>A place for whatever the handlers want to remember of this connection.</summary>
    public Hashtable State => _state ??= [];

    /// <summary>Lines received.</summary>
    public long LinesIn { get; private set; }

    /// <summary>Lines sent, or about to be.</summary>
    public long LinesOut { get; private set; }

    /// <summary>Bytes received.</summary>
    public long BytesIn => _transport?.BytesIn ?? 0;

    /// <summary>Bytes that the kernel has taken.</summary>
    public long BytesOut => _transport?.BytesOut ?? 0;

    /// <summary>Bytes that wait for the peer to read.</summary>
    public int UnsentBytes => _transport?.UnsentBytes ?? 0;

    /// <summary>Bytes received that were not valid in the encoding.</summary>
    public long InvalidBytes => _framer.InvalidBytes;

    /// <summary>When it was made, in local time.</summary>
    public DateTimeOffset ConnectedAt { get; private set; }

    internal IPAddress? RemoteAddress => (RemoteEndPoint as IPEndPoint)?.Address;

    private Reactor Reactor => _owner.Reactor;

    /// <summary>Sends text: one line, or several if it holds line breaks.</summary>
    /// <exception cref="NotConnectedException">It is closed or closing.</exception>
    public void Send(string text)
    {
        if (_transport is not { IsOpen: true })
            throw NotConnected();
        Reactor.Do(() => Write(text));
    }

    /// <summary>Closes it once what is to be sent is sent. In a handler that includes the handler's output.</summary>
    public void Close() => Close(CloseReason.Done);

    /// <summary>Does what <see cref="Close()"/> does.</summary>
    public void Dispose() => Close();

    /// <summary>Says that no more will be sent, and goes on receiving until the peer closes.</summary>
    public void EndSending() => Reactor.Do(() => _transport?.EndOutput());

    /// <summary>Drops it at once, with whatever is unsent.</summary>
    public void Abort() => Reactor.Do(() => _transport?.Abort(CloseReason.Aborted));

    /// <summary>Receives nothing more until <see cref="Resume"/>.</summary>
    public void Pause() => Reactor.Do(_receiver.Pause);

    /// <summary>Receives again after <see cref="Pause"/>.</summary>
    public void Resume() => Reactor.Do(_receiver.Resume);

    /// <summary>The owner's name, the number and the peer.</summary>
    public override string ToString() => $"{_owner.Name},{Number},{RemoteEndPoint?.ToString() ?? "memory"}";

    internal void Start(StreamTransport transport)
    {
        transport.SendBufferLimit = _owner.Options.SendBufferLimit;
        transport.DrainTime = _owner.Options.DrainTime;
        ConnectedAt = Reactor.TimeProvider.GetLocalNow();
        _transport = transport;
        transport.Start(_receiver);
    }

    /// <summary>Writes to the output of a connection that may have closed meanwhile. On the reactor's thread only.</summary>
    /// <returns>False if it has.</returns>
    internal bool Write(string text)
    {
        if (_transport?.Output is not { } output)
            return false;
        int lines = _writer.Write(output, text);
        LinesOut += lines;
        _owner.LinesSent(lines);
        return true;
    }

    /// <summary>Writes bytes that are lines already, unless the peer has too much to read as it is: then it is dropped.</summary>
    internal void Broadcast(ReadOnlySpan<byte> bytes, int lines)
    {
        if (_transport?.Output is not { } output)
            return;
        if (output.Length + bytes.Length > _transport.SendBufferLimit)
        {
            _transport.Flush();
            if (output.Length > 0 && output.Length + bytes.Length > _transport.SendBufferLimit)
            {
                _transport.Abort(CloseReason.SlowReader);
                return;
            }
        }

        output.Write(bytes);
        LinesOut += lines;
        _owner.LinesSent(lines);
    }

    /// <summary>Sends from another thread; the task ends when the kernel has the text or the limit leaves room for more.</summary>
    /// <exception cref="NotConnectedException">In the task: the connection is, or was meanwhile, closed.</exception>
    internal Task SendAsync(string text)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Reactor.Post(() =>
        {
            bool written = Write(text);
            _transport?.Flush();
            if (!written || !_transport!.IsOpen)
                sent.SetException(NotConnected());
            else if (_transport.IsWriteBlocked)
                _pendingSends.Add(sent);
            else
                sent.SetResult();
        });
        return sent.Task;
    }

    internal void Close(CloseReason reason, Exception? error = null) => Reactor.Do(() =>
    {
        if (_inHandler)
        {
            if (_closeAfterHandler == CloseReason.None)
                (_closeAfterHandler, _closeError) = (reason, error);
            NoteClosing();
        }
        else
        {
            CloseNow(reason, error);
        }
    });

    /// <summary>Closes with a time limit of its own for the peer. On the reactor's thread only.</summary>
    internal void Close(CloseReason reason, TimeSpan drainTime)
    {
        if (_transport is null || Status == ConnectionStatus.Closed)
            return;
        _transport.DrainTime = drainTime;
        if (_transport.IsOpen)
            Close(reason);
        else
            Reactor.CallLater(drainTime, () => _transport.Abort(reason));
    }

    /// <summary>Frees it when its reactor is gone.</summary>
    internal void Abandon()
    {
        Status = ConnectionStatus.Closed;
        _transport?.Abandon();
        _pendingSends.Fail(NotConnected());
    }

    /// <summary>Marks a handler's run: a close that it asks for waits for its output. Not nested.</summary>
    internal void EnterHandler() => _inHandler = true;

    internal void ExitHandler()
    {
        _inHandler = false;
        if (_closeAfterHandler == CloseReason.None)
            return;
        CloseNow(_closeAfterHandler, _closeError);
        _closeAfterHandler = CloseReason.None;
    }

    void IMessageHandler<string>.ConnectionMade(ITransport transport)
    {
        if (_owner.Options.IdleTimeout is { } limit)
        {
            _idleTimeout = new IdleTimeout(transport, limit);
            _idleTimeout.Start();
        }

        _owner.ConnectionMade(this);
    }

    void IMessageHandler<string>.MessageReceived(string message)
    {
        LinesIn++;
        if (InvalidBytes > 0 && !_invalidBytesNoted)
        {
            _invalidBytesNoted = true;
            _owner.BytesWereInvalid(this);
        }

        _owner.LineArrived(this, message);
    }

    void IMessageHandler<string>.MessageTooLong(MessageTooLongException error)
    {
        _owner.LineWasTooLong(this, error);
        Close(CloseReason.LineTooLong, error);
    }

    void IMessageHandler<string>.MessageCutOff(IFramer<string> framer, in ReadOnlySequence<byte> rest)
    {
        _owner.LineWasCutOff(this, rest.Length);
        if (!_owner.Options.DeliverPartialLine)
            return;
        LinesIn++;
        _owner.LineArrived(this, framer.ReadCutOff(rest));
    }

    void IMessageHandler<string>.WriteReady() => _pendingSends.Complete();

    void IMessageHandler<string>.ConnectionLost(CloseReason reason, Exception? error)
    {
        Status = ConnectionStatus.Closed;
        _idleTimeout?.Stop();
        _pendingSends.Fail(NotConnected());
        _owner.ConnectionLost(this, reason, error);
    }

    private void CloseNow(CloseReason reason, Exception? error)
    {
        NoteClosing();
        _transport?.Close(reason, error);
    }

    private void NoteClosing()
    {
        if (Status == ConnectionStatus.Open)
            Status = ConnectionStatus.Closing;
    }

    private NotConnectedException NotConnected() => new(
        CloseReason == CloseReason.None
            ? $"The connection {this} is not open."
            : $"The connection {this} is closed ({CloseReason}).");
}
