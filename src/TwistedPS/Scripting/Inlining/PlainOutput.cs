using System.Management.Automation;

namespace TwistedPS.Scripting.Inlining;

/// <summary>Output that is text, a number, a time or bytes, which becomes messages without any script.</summary>
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

    private static bool IsText(object? item) => Unwrap(item) is null or string || HasOwnText(Unwrap(item));

    private static bool IsTextOrBytes(object? item) => IsText(item) || Unwrap(item) is byte or byte[];

    /// <summary>Whether PowerShell takes the text of .NET, even where <c>Update-TypeData</c> or <c>Add-Member</c> gives another one.</summary>
    private static bool HasOwnText(object? item) => item is int or long or double or decimal or bool or DateTime;
}
