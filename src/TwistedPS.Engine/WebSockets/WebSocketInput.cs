using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using TwistedPS.Engine.Carriers;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.WebSockets;

/// <summary>
/// What arrives on a WebSocket: received on the thread pool, no more than one part of a message ahead of who reads it. On the
/// loop's thread only.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has neither a timer nor a handle.")]
internal sealed class WebSocketInput
{
    private const int LongestPart = 4096;

    private readonly EventLoop _loop;
    private readonly WebSocket _socket;
    private readonly IWebSocketMessages _messages;
    private readonly Action _received;
    private readonly PooledBuffer _data = new();
    private readonly byte[] _part = new byte[LongestPart];
    private readonly CancellationTokenSource _stop = new();
    private Task _receiving = Task.CompletedTask;
    private ValueWebSocketReceiveResult _result;
    private Exception? _error;
    private bool _isReceiving;
    private bool _isRefused;

    /// <param name="loop">The loop.</param>
    /// <param name="socket">The WebSocket.</param>
    /// <param name="messages">Its messages.</param>
    /// <param name="arrived">Called after each part, and at the end.</param>
    public WebSocketInput(EventLoop loop, WebSocket socket, IWebSocketMessages messages, Action arrived)
    {
        (_loop, _socket, _messages) = (loop, socket, messages);
        _received = () =>
        {
            Accept();
            arrived();
        };
    }

    /// <summary>Whether there is something to read.</summary>
    public bool HasData => _data.Length > 0;

    /// <summary>Whether nothing more can come: the peer has closed, is gone, or has sent what is no message.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether the peer is gone without a word.</summary>
    public bool IsLost { get; private set; }

    /// <summary>The error of a peer that has sent what it may not send; what it sends after that is dropped.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Begins to receive the next part, once all of the last one was read.</summary>
    public void Begin()
    {
        if (_isReceiving || HasData || HasEnded)
            return;
        _isReceiving = true;
        _receiving = ReceiveAsync();
    }

    public int Read(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _data.Length);
        _data.Span[..count].CopyTo(buffer);
        _data.Consume(count);
        return count;
    }

    /// <summary>Drops what nobody will read.</summary>
    public void Release() => _data.Release();

    /// <summary>
    /// Ends receiving for good. The system would reset a connection that is closed while somebody receives from it, and the peer
    /// might lose the last that it was sent.
    /// </summary>
    public async Task StopAsync()
    {
        _stop.Cancel();
        await _receiving.ConfigureAwait(false);
    }

    private async Task ReceiveAsync()
    {
        try
        {
            _result = await _socket.ReceiveAsync(_part.AsMemory(), _stop.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _error = e;
        }

        _loop.Post(_received);
    }

    private void Accept()
    {
        _isReceiving = false;
        if (_error is not null)
            Fail(_error);
        else if (_result.MessageType == WebSocketMessageType.Close)
            HasEnded = true;
        else if (!_isRefused && !_messages.Accepts(_result.MessageType))
            Refuse();
        else if (!_isRefused)
            _messages.Receive(_part.AsSpan(0, _result.Count), _result.EndOfMessage, _data);
    }

    // The WebSocket has said itself what is wrong with the data of a peer, with a code of its own.
    private void Fail(Exception error)
    {
        HasEnded = true;
        if (error is WebSocketException { WebSocketErrorCode: WebSocketError.Faulted })
            Fault ??= error;
        else
            IsLost = true;
    }

    private void Refuse()
    {
        _isRefused = true;
        Fault = new InvalidMessageException(CloseReason.InvalidMessage, "A binary message came, where messages are text.");
    }
}
