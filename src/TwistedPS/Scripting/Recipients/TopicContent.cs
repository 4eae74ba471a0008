using System.Management.Automation;
using TwistedPS.Engine.Groups;

namespace TwistedPS.Scripting;

/// <summary>
/// The objects of scripts as messages carry them: text and bytes as they are, all others as JSON, of which the receiver gets
/// what ConvertFrom-Json makes. So they are the same within one process and between several.
/// </summary>
internal static class TopicContent
{
    /// <summary>Returns what carries an object. On the thread of a runspace only.</summary>
    /// <exception cref="RuntimeException">It contains itself.</exception>
    public static Payload Encode(object? item) => (item is PSObject wrapped ? wrapped.BaseObject : item) switch
    {
        string text => Payload.OfText(text),
        byte[] bytes => new Payload(PayloadKind.Bytes, bytes.ToArray()),
        _ => new Payload(PayloadKind.Json, ObjectJson.ToBytes(item)),
    };

    /// <summary>Returns the object that a message carries.</summary>
    /// <exception cref="InvalidMessageException">It is not the JSON that it should be.</exception>
    public static object? Decode(Payload payload) => payload.Kind switch
    {
        PayloadKind.Bytes => payload.Bytes.ToArray(),
        PayloadKind.Json => JsonText.Read(payload.Bytes.ToArray(), asHashtables: false, "message"),
        _ => payload.Text,
    };
}
