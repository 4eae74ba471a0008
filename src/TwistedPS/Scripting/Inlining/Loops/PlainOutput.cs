using System.Collections;
using System.Management.Automation;

namespace TwistedPS.Scripting.Inlining;

/// <summary>Output that is text, a number, a time, bytes or tables of these, which becomes messages without any script.</summary>
internal static class PlainOutput
{
    // What is nested deeper, or contains itself, is left to the conversion.
    private const int MostDepth = 16;

    /// <summary>Returns the messages of output; null if there is something else in it.</summary>
    public static TMessage[]? MessagesOf<TMessage>(List<object?> items, OutputFormat<TMessage> format)
    {
        if (items.Count == 0)
            return [];
        if (items.Count == 1 && format.ToMessage is not null && Unwrap(items[0]) is TMessage single)
            return [single];
        return items.TrueForAll(format.IsPlain) ? [.. format.Messages(items.Select(PendingOutput.Wrap))] : null;
    }

    public static object? Unwrap(object? item) => item is PSObject wrapped ? wrapped.BaseObject : item;

    /// <summary>Whether PowerShell takes the text of .NET, even where <c>Update-TypeData</c> or <c>Add-Member</c> gives another one.</summary>
    public static bool IsText(object? item) => Unwrap(item) is null or string or int or long or double or decimal or bool or DateTime;

    /// <summary>Whether an object consists of text and numbers, in tables and lists that are not classes of a script.</summary>
    public static bool IsData(object? item) => IsData(item, MostDepth);

    private static bool IsData(object? item, int depth) => depth > 0 && (Unwrap(item) switch
    {
        PSCustomObject => PSObject.AsPSObject(item).Properties.All(property => property is PSNoteProperty && IsData(property.Value, depth - 1)),
        IDictionary table => IsKnown(table) && table.Keys.Cast<object?>().All(IsText) && table.Values.Cast<object?>().All(value => IsData(value, depth - 1)),
        IList list => IsKnown(list) && list.Cast<object?>().All(value => IsData(value, depth - 1)),
        _ => IsText(item),
    });

    private static bool IsKnown(object item) => !item.GetType().Assembly.IsDynamic;
}
