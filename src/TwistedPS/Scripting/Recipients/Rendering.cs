using System.Globalization;
using System.Management.Automation;
using System.Text;
using System.Text.RegularExpressions;

namespace TwistedPS.Scripting;

/// <summary>
/// The conversion of output to text: as PowerShell converts to strings, but what would be no more than the name of a type,
/// such as the output of Format-Table, as a console shows it. On the thread of a runspace only.
/// </summary>
internal sealed partial class Rendering : IDisposable
{
    private const string Script = @"Microsoft.PowerShell.Utility\Out-String -Stream -Width 120";

    private readonly StringBuilder? _shown;
    private SteppablePipeline? _pipeline;

    private Rendering(StringBuilder? shown) => _shown = shown;

    /// <summary>Creates one of lines: each line of a console is a text of its own.</summary>
    public static Rendering AsLines() => new(null);

    /// <summary>Creates one of texts that have line ends in them where a console would show several lines.</summary>
    public static Rendering AsText() => new(new StringBuilder());

    /// <summary>Returns the text of an object; null if that says nothing but its type.</summary>
    /// <exception cref="RuntimeException">The object has no text.</exception>
    public static string? OwnTextOf(object item)
    {
        object plain = item is PSObject wrapped ? wrapped.BaseObject : item;
        if (plain is string itself)
            return itself;
        if (plain is int number)
            return number.ToString(CultureInfo.InvariantCulture);
        string text = Converted(item);
        string type = $"{plain.GetType()}";
        return text == type || text.StartsWith($"{type} (", StringComparison.Ordinal) ? null : text;
    }

    /// <summary>Returns the text of an object.</summary>
    /// <exception cref="RuntimeException">The object has no text.</exception>
    public static string TextOf(object item)
    {
        if (OwnTextOf(item) is { } text)
            return text;
        using Rendering rendering = AsText();
        return string.Concat([.. rendering.TextsOf(item), .. rendering.End()]);
    }

    /// <summary>Returns the text of an object, or as much of what a console would show as is known already; null has none.</summary>
    /// <exception cref="RuntimeException">The object has no text.</exception>
    public IEnumerable<string> TextsOf(object? item)
    {
        if (item is null)
            return [];
        return OwnTextOf(item) is { } text ? (_pipeline is null ? [text] : [.. End(), text]) : Show(item);
    }

    /// <summary>Returns the rest of what a console would show.</summary>
    public IEnumerable<string> End()
    {
        if (_pipeline is null)
            return [];
        string[] last = Shown(_pipeline.End());
        string[] all = _shown is null ? last : [$"{_shown}"];
        _shown?.Clear();
        Dispose();
        return all;
    }

    public void Dispose()
    {
        _pipeline?.Dispose();
        _pipeline = null;
    }

    private static string Converted(object item)
    {
        try
        {
            return LanguagePrimitives.ConvertTo<string>(item);
        }
        catch (PSInvalidCastException e)
        {
            // An error of the script, which its OnError may handle.
            throw new RuntimeException(e.Message, e);
        }
    }

    private string[] Show(object item)
    {
        if (_pipeline is null)
        {
            _pipeline = ScriptBlock.Create(Script).GetSteppablePipeline(CommandOrigin.Internal);
            _pipeline.Begin(expectInput: true);
        }

        return Shown(_pipeline.Process(item));
    }

    private string[] Shown(Array output)
    {
        string[] lines = [.. output.Cast<object>().Select(line => Color().Replace($"{line}", ""))];
        if (_shown is null)
            return lines;
        foreach (string line in lines)
            _shown.AppendLine(line);
        return [];
    }

    // A console would show colors.
    [GeneratedRegex("\u001B\\[[0-9;]*m")]
    private static partial Regex Color();
}
