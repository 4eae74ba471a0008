using System.Globalization;
using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>Output as lines: one for each object, converted to text as PowerShell does.</summary>
internal sealed class LineOutput : OutputFormat<string>
{
    public static LineOutput Instance { get; } = new();

    public override Func<object, string> ToMessage { get; } = item => item switch
    {
        string text => text,
        int number => number.ToString(CultureInfo.InvariantCulture),
        _ => TextOf(item),
    };

    public override IEnumerable<string> Messages(IEnumerable<PSObject?> output)
    {
        foreach (PSObject? item in output)
        {
            if (item is not null)
                yield return ToMessage(item);
        }
    }
}
