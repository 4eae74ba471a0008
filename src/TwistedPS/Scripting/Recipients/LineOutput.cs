using System.Globalization;
using System.Management.Automation;
using TwistedPS.Scripting.Inlining;

namespace TwistedPS.Scripting;

/// <summary>Output as lines: one for each object, converted to text as PowerShell does, or as a console would show it.</summary>
internal sealed class LineOutput : OutputFormat<string>
{
    public static LineOutput Instance { get; } = new();

    public override Func<object, string> ToMessage { get; } = item => item switch
    {
        string text => text,
        int number => number.ToString(CultureInfo.InvariantCulture),
        _ => Rendering.TextOf(item),
    };

    public override bool IsPlain(object? item) => PlainOutput.IsText(item);

    public override IEnumerable<string> Messages(IEnumerable<PSObject?> output)
    {
        using Rendering rendering = Rendering.AsLines();
        foreach (string line in output.SelectMany(rendering.TextsOf))
            yield return line;
        foreach (string line in rendering.End())
            yield return line;
    }
}
