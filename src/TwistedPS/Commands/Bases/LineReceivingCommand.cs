using System.Management.Automation;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>How Receive-Line and Send-Line -Receive wait for lines.</summary>
public abstract class LineReceivingCommand : TwistedCommand
{
    private protected const string Instead = "Give the client an -OnLine handler instead.";

    /// <summary>How many lines to receive; 1 by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = 1;

    /// <summary>
    /// Receive up to and with the line that equals this text, or for which this scriptblock is true of $_.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public object? Until { get; set; }

    /// <summary>How long to wait in all; without limit by default.</summary>
    [Parameter]
    [TimeoutTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Outputs lines as they come.</summary>
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
