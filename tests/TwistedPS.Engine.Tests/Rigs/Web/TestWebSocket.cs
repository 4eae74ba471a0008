using System.Net.WebSockets;
using System.Text;

namespace TwistedPS.Tests;

/// <summary>A WebSocket that receives and sends when a test says so.</summary>
internal sealed class TestWebSocket : WebSocket
{
    private readonly Queue<Func<Memory<byte>, ValueWebSocketReceiveResult>> _arrived = new();
    private TaskCompletionSource? _sending;
    private (TaskCompletionSource<ValueWebSocketReceiveResult> Done, Memory<byte> Buffer)? _receiving;
    private WebSocketState _state = WebSocketState.Open;

    public int Receives { get; private set; }

    public List<string> Sent { get; } = [];

    /// <summary>Whether a send waits until it is called <see cref="Accept"/>.</summary>
    public bool IsFull { get; set; }

    public int? ClosedWith { get; private set; }

    public bool IsDisposed { get; private set; }

    public override WebSocketState State => _state;

    public override WebSocketCloseStatus? CloseStatus => null;

    public override string? CloseStatusDescription => null;

    public override string? SubProtocol => null;

    /// <summary>Lets a part of a text arrive.</summary>
    public void Arrive(string part, bool isLast = true) => Arrive(buffer =>
        new ValueWebSocketReceiveResult(Encoding.UTF8.GetBytes(part, buffer.Span), WebSocketMessageType.Text, isLast));

    public void Arrive(WebSocketMessageType type) => Arrive(_ => new ValueWebSocketReceiveResult(0, type, true));

    /// <summary>Lets the peer go without a word.</summary>
    public void Lose() => Arrive(_ => throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely));

    /// <summary>Ends the send that waits.</summary>
    public void Accept()
    {
        TaskCompletionSource sending = _sending!;
        _sending = null;
        sending.SetResult();
    }

    public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Receives++;
        if (_arrived.TryDequeue(out Func<Memory<byte>, ValueWebSocketReceiveResult>? result))
            return result(buffer);
        _receiving = (new(), buffer);
        return await _receiving.Value.Done.Task.WaitAsync(cancellationToken);
    }

    public override async ValueTask SendAsync(
        ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        Assert.Null(_sending);
        Assert.True(endOfMessage);
        if (IsFull)
            await (_sending = new()).Task;
        Sent.Add(Encoding.UTF8.GetString(buffer.Span));
    }

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
    {
        ClosedWith = (int)closeStatus;
        return Task.CompletedTask;
    }

    public override void Dispose()
    {
        IsDisposed = true;
        _state = WebSocketState.Closed;
    }

    public override void Abort() => throw new NotSupportedException();

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public override Task SendAsync(
        ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private void Arrive(Func<Memory<byte>, ValueWebSocketReceiveResult> result)
    {
        if (_receiving is not { } waits)
        {
            _arrived.Enqueue(result);
            return;
        }

        _receiving = null;
        try
        {
            waits.Done.SetResult(result(waits.Buffer));
        }
        catch (WebSocketException e)
        {
            waits.Done.SetException(e);
        }
    }
}
