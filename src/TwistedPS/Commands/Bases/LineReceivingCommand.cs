using System.Management.Automation;

namespace TwistedPS.Commands;

/// <summary>How Receive-Line and Send-Line -Receive wait for lines.</summary>
public abstract class LineReceivingCommand : ReceivingCommand<string>
{
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

    /// <summary>Outputs lines as they come.</summary>
    /// <returns>False if an error was written.</returns>
    private protected bool ReceiveLines(LineClient client)
    {
        int left = IsUnlimited || Until is not null ? int.MaxValue : Count;
        return ReceiveUntil(client, line =>
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
