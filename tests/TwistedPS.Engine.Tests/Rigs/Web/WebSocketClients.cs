using System.Net.WebSockets;
using System.Text;

namespace TwistedPS.Tests;

/// <summary>What a client of .NET sends and receives, a whole message at a time.</summary>
internal static class WebSocketClients
{
    public static Task SendTextAsync(this ClientWebSocket client, string text) =>
        client.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None).Soon();

    public static async Task<string> ReceiveTextAsync(this ClientWebSocket client)
    {
        var received = new MemoryStream();
        var buffer = new byte[4096];
        WebSocketReceiveResult result;
        do
        {
            result = await client.ReceiveAsync(buffer, CancellationToken.None).Soon();
            received.Write(buffer, 0, result.Count);
        }
        while (!result.EndOfMessage);
        Assert.Equal(WebSocketMessageType.Text, result.MessageType);
        return Encoding.UTF8.GetString(received.ToArray());
    }

    /// <summary>Receives the code of a close, and answers it.</summary>
    public static async Task<int> ReceiveCloseAsync(this ClientWebSocket client)
    {
        WebSocketReceiveResult result = await client.ReceiveAsync(new byte[1], CancellationToken.None).Soon();
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).Soon();
        return (int)result.CloseStatus!;
    }
}
