using NATS.Client.Core;
using TwistedPS.Engine.Groups;

namespace TwistedPS.Nats;

/// <summary>The form of a message as headers that others know as well: those of HTTP, and of services in NATS.</summary>
internal static class Headers
{
    private const string ContentType = "Content-Type";
    private const string Json = "application/json";
    private const string Bytes = "application/octet-stream";
    private const string Error = "Nats-Service-Error";
    private const string ErrorCode = "Nats-Service-Error-Code";

    /// <summary>Returns the headers of a message; null for one of text, as others send it.</summary>
    public static NatsHeaders? Of(Payload payload) => payload.Kind switch
    {
        PayloadKind.Bytes => new NatsHeaders { [ContentType] = Bytes },
        PayloadKind.Json => new NatsHeaders { [ContentType] = Json },
        PayloadKind.Error => new NatsHeaders { [Error] = "The handler has failed.", [ErrorCode] = "500" },
        _ => null,
    };

    /// <summary>Returns what a message carries.</summary>
    public static Payload PayloadOf(NatsMsg<byte[]> message) =>
        message.HasNoResponders ? Payload.NoResponder : new Payload(KindOf(message.Headers), message.Data);

    private static PayloadKind KindOf(NatsHeaders? headers)
    {
        if (headers is null)
            return PayloadKind.Text;
        if (headers.ContainsKey(Error))
            return PayloadKind.Error;
        return headers.TryGetValue(ContentType, out var type) ? type.ToString() switch
        {
            Json => PayloadKind.Json,
            Bytes => PayloadKind.Bytes,
            _ => PayloadKind.Text,
        } : PayloadKind.Text;
    }
}
