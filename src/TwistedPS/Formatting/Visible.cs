using System.Collections;
using System.Management.Automation;
using TwistedPS.Engine.Services;

namespace TwistedPS.Formatting;

/// <summary>What others have sent as it is safe to show, for the views of <c>*.Format.ps1xml</c>.</summary>
public static class Visible
{
    private const int MostItems = 4;
    private const int MostLevels = 3;

    /// <summary>
    /// Returns a value as text with escapes for its control characters and marks of direction; numbers, times and the like
    /// unchanged.
    /// </summary>
    public static object? Text(object? value) => Figures.Unwrap(value) switch
    {
        null => null,
        string text => VisibleText.Of(text),
        ValueType and IFormattable => value,
        IEnumerable many => List(many, MostLevels),
        _ => Line(value),
    };

    /// <summary>Returns the words of an error on one line, with escapes as in <see cref="Text"/>.</summary>
    public static string Words(string? message) => VisibleText.Of(VisibleText.JoinLines(message ?? ""));

    /// <summary>Returns what a deferred has come to: its result, or the message of its error in red.</summary>
    public static object? Outcome(PSObject deferred) => deferred.BaseObject is Deferred { Error: { } error }
        ? Shade.Failure(Words(error.Message))
        : Text(deferred.Properties[nameof(Deferred.Result)]?.Value);

    /// <summary>Returns a place in a script without its folder.</summary>
    public static string? FileOf(object? place) =>
        $"{place}" is { Length: > 0 } text ? VisibleText.Of(text[(text.LastIndexOfAny(['/', '\\']) + 1)..]) : null;

    /// <summary>Returns an object as a line, for the hidden properties of <c>TwistedPS.Summary.Types.ps1xml</c>.</summary>
    public static string Summary(PSObject it) => Line(it);

    private static string Line(object? it) => it is null ? "" : VisibleText.Of(PSObject.AsPSObject(it).ToString());

    // Levels are limited, since a list may be in itself.
    private static string List(IEnumerable many, int levels)
    {
        IEnumerable<string> items = many is IDictionary table
            ? table.Keys.Cast<object>().Select(key => $"{Line(key)}={Item(table[key], levels - 1)}")
            : many.Cast<object?>().Select(item => Item(item, levels - 1));
        string[] first = [.. items.Take(MostItems + 1)];
        return $"{{{string.Join(", ", first.Take(MostItems))}{(first.Length > MostItems ? "…" : "")}}}";
    }

    private static string Item(object? item, int levels) =>
        Figures.Unwrap(item) is IEnumerable many and not string ? levels > 0 ? List(many, levels) : "{…}" : Line(item);
}
