using System.Text;
using TwistedPS.Engine.Groups;

namespace TwistedPS.Redis;

/// <summary>
/// The form of a message in Redis, which knows bytes only. Text that wants no reply is as it is, so that others can read and
/// send it; all else has headers like those of HTTP before it: a first line, lines of names and values, an empty line.
/// </summary>
internal static class Envelope
{
    private const string FirstLine = "TwistedPS/1.0\n";
    private const string ContentType = "Content-Type: ";
    private const string Status = "Status: ";
    private const string ReplyTo = "Reply-To: ";
    private const string Json = "application/json";
    private const string Bytes = "application/octet-stream";
    private const string Failed = "500";
    private const string Nobody = "503";

    /// <summary>Returns a message.</summary>
    /// <param name="payload">What it carries.</param>
    /// <param name="reply">The subject for a reply; null for none.</param>
    public static ReadOnlyMemory<byte> Seal(Payload payload, string? reply)
    {
        ReadOnlySpan<byte> content = payload.Bytes.Span;
        if (payload.Kind == PayloadKind.Text && reply is null && !content.StartsWith("TwistedPS/1.0\n"u8))
            return payload.Bytes;
        string head = $"{FirstLine}{HeaderOf(payload.Kind)}{(reply is null ? "" : $"{ReplyTo}{reply}\n")}\n";
        return (byte[])[.. Encoding.UTF8.GetBytes(head), .. content];
    }

    /// <summary>Returns what a message carries, and the subject for a reply. What is no envelope is text.</summary>
    public static (Payload Payload, string? Reply) Open(ReadOnlyMemory<byte> message)
    {
        ReadOnlySpan<byte> all = message.Span;
        int end = all.StartsWith("TwistedPS/1.0\n"u8) ? all.IndexOf("\n\n"u8) : -1;
        if (end < 0)
            return (new Payload(PayloadKind.Text, message), null);
        string[] head = Encoding.UTF8.GetString(all[..end]).Split('\n');
        PayloadKind kind = (Find(head, Status), Find(head, ContentType)) switch
        {
            (Failed, _) => PayloadKind.Error,
            (Nobody, _) => PayloadKind.NoResponder,
            (_, Json) => PayloadKind.Json,
            (_, Bytes) => PayloadKind.Bytes,
            _ => PayloadKind.Text,
        };
        return (new Payload(kind, message[(end + 2)..]), Find(head, ReplyTo));
    }

    private static string HeaderOf(PayloadKind kind) => kind switch
    {
        PayloadKind.Json => $"{ContentType}{Json}\n",
        PayloadKind.Bytes => $"{ContentType}{Bytes}\n",
        PayloadKind.Error => $"{Status}{Failed}\n",
        PayloadKind.NoResponder => $"{Status}{Nobody}\n",
        _ => "",
    };

    private static string? Find(string[] head, string name) =>
        Array.Find(head, line => line.StartsWith(name, StringComparison.Ordinal)) is { } line ? line[name.Length..] : null;
}
