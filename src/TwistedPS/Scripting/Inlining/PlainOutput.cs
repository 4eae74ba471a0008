using System.Management.Automation;

namespace TwistedPS.Scripting.Inlining;

/// <summary>Output that is text, a whole number or bytes, which becomes messages without any script.</summary>
internal static class PlainOutput
{
    /// <summary>Returns the messages of output; null if there is something else in it.</summary>
    public static TMessage[]? MessagesOf<TMessage>(List<object?> items, OutputFormat<TMessage> format)
    {
        if (items.Count == 0)
            return [];
        if (items.Count == 1 && Unwrap(items[0]) is TMessage single)
            return [single];
        return items.TrueForAll(typeof(TMessage) == typeof(string) ? IsText : IsTextOrBytes)
            ? [.. format.Messages(items.Select(PendingOutput.Wrap))]
            : null;
    }

    private static object? Unwrap(object? item) => item is PSObject wrapped ? wrapped.BaseObject : item;

    private static bool IsText(object? item) => Unwrap(item) is null or string or int;

    private static bool IsTextOrBytes(object? item) => Unwrap(item) is null or string or int or byte or byte[];
}
