using System.Management.Automation;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>The base of Receive-Line and Send-Line -Receive, which wait for lines.</summary>
public abstract class LineReceivingCommand : TwistedCommand
{
    private protected const string Instead = "Give the client an -OnLine handler instead.";

    /// <summary>The number of lines to receive; 1 by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = 1;

    /// <summary>The text of the last line to receive, or a scriptblock that is true for it ($_).</summary>
    [Parameter]
    [ValidateNotNull]
    public object? Until { get; set; }

    /// <summary>The longest time to wait in all; no limit by default.</summary>
    [Parameter]
    [TimeoutTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Outputs lines as they arrive.</summary>
    private protected void ReceiveLines(LineClient client, bool isUnlimited = false)
    {
        int left = isUnlimited || Until is not null ? int.MaxValue : Count;
        var receiver = new Receiver<string>(this, client) { Timeout = Timeout, IsUnlimited = isUnlimited, Instead = Instead };
        receiver.ReceiveUntil(line =>
        {
            WriteObject(line);
            return --left == 0 || IsLast(line);
        });
    }

    private bool IsLast(string line) => Until switch
    {
        null => false,
        ScriptBlock script => LanguagePrimitives.IsTrue(
            script.InvokeWithContext((Dictionary<string, ScriptBlock>?)null, [new PSVariable("_", line)])),
        _ => line == LanguagePrimitives.ConvertTo<string>(Until),
    };
}
