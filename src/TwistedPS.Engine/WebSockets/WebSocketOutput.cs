using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using TwistedPS.Engine.Carriers;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.WebSockets;

/// <summary>What is sent on a WebSocket: one message at a time, of which the system takes most at once. On the loop's thread only.</summary>
internal sealed class WebSocketOutput
{
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(5);

    private readonly EventLoop _loop;
    private readonly WebSocket _socket;
    private readonly IWebSocketMessages _messages;
    private readonly Action<int> _sent;
    private readonly PooledBuffer _message = new();
    private Task? _closing;

    /// <param name="loop">The loop.</param>
    /// <param name="socket">The WebSocket.</param>
    /// <param name="messages">Its messages.</param>
    /// <param name="sent">Called when the system has taken what it had no room for; with 0 if it never will.</param>
    public WebSocketOutput(EventLoop loop, WebSocket socket, IWebSocketMessages messages, Action<int> sent) =>
        (_loop, _socket, _messages, _sent) = (loop, socket, messages, sent);

    /// <summary>The bytes still to be sent, oldest first.</summary>
    public PooledBuffer Unsent { get; } = new();

    /// <summary>The number of bytes of the message that the system has not taken yet; 0 for none.</summary>
    public int BytesUnderWay { get; private set; }

    /// <summary>Sends the next message.</summary>
    /// <returns>The number of bytes that the system has taken.</returns>
    public int Send(out SocketError error)
    {
        error = SocketError.WouldBlock;
        if (BytesUnderWay > 0)
            return 0;
        int length = _messages.Cut(Unsent.Span, _message);
        Unsent.Consume(length);
        Task sending = SendAsync();
        if (!sending.IsCompleted)
        {
            BytesUnderWay = length;
            _ = AwaitAsync(sending);
            return 0;
        }

        _message.Release();
        error = sending.IsCompletedSuccessfully ? SocketError.Success : SocketError.ConnectionReset;
        return sending.IsCompletedSuccessfully ? length : 0;
    }

    /// <summary>Tells the peer why no more comes, once.</summary>
    /// <returns>A task for the time when the system has taken that, or never will.</returns>
    public Task CloseAsync(WebSocketCloseStatus status) => _closing ??= SendCloseAsync(status);

    private async Task SendAsync() =>
        await _socket.SendAsync(_message.Memory, _messages.Type, endOfMessage: true, CancellationToken.None).ConfigureAwait(false);

    private async Task AwaitAsync(Task sending)
    {
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _loop.Post(() =>
        {
            int length = sending.IsCompletedSuccessfully ? BytesUnderWay : 0;
            BytesUnderWay = 0;
            _message.Release();
            _sent(length);
        });
    }

    private async Task SendCloseAsync(WebSocketCloseStatus status)
    {
        try
        {
            await _socket.CloseOutputAsync(status, null, CancellationToken.None).WaitAsync(s_lastWords).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or HttpListenerException or IOException or ObjectDisposedException
            or OperationCanceledException or TimeoutException)
        {
            // The peer is gone, does not read, or has been told already; the end of its stream says so.
        }
    }
}
