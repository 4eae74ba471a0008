using System.Net.WebSockets;

namespace TwistedPS.Engine.WebSockets;

/// <summary>The codes that tell a peer why its WebSocket is closed.</summary>
internal static class CloseCodes
{
    public static WebSocketCloseStatus Of(CloseReason reason) => reason switch
    {
        CloseReason.ServerStopped => WebSocketCloseStatus.EndpointUnavailable,
        CloseReason.LineTooLong or CloseReason.MessageTooLong => WebSocketCloseStatus.MessageTooBig,
        CloseReason.InvalidMessage => WebSocketCloseStatus.InvalidMessageType,
        CloseReason.HandlerError => WebSocketCloseStatus.InternalServerError,
        CloseReason.Refused => WebSocketCloseStatus.PolicyViolation,
        _ => WebSocketCloseStatus.NormalClosure,
    };
}
