using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;
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

    /// <summary>
    /// The text of the last line to receive, or a scriptblock that is true for it ($_). The text may also be a prompt, which the
    /// peer sends without the end of a line; one that ends with a blank is found after other text in its line, too.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNull]
    public object? Until { get; set; }

    /// <summary>The longest time to wait in all; no limit by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    [Alias("TimeoutSec", "TimeoutSeconds")]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Outputs lines as they arrive.</summary>
    private protected void ReceiveLines(IMessageSource<string> source, bool isUnlimited = false)
    {
        LinePrompt? prompt = PromptOf(source);
        if (prompt is not null)
            Expect(source, prompt);
        try
        {
            ReceiveLines(source, isUnlimited, prompt);
        }
        finally
        {
            if (prompt is not null)
                Expect(source, null);
        }
    }

    private static void Expect(IMessageSource<string> source, LinePrompt? prompt)
    {
        if (source.Client is LineClient client)
            client.Expect(prompt);
        else
            source.Reactor.Do(() => ((LineConnection)source.Connection!).Expect(prompt));
    }

    private void ReceiveLines(IMessageSource<string> source, bool isUnlimited, LinePrompt? prompt)
    {
        int left = isUnlimited || Until is not null ? int.MaxValue : Count;
        var receiver = new Receiver<string>(this, source) { Timeout = Timeout, IsUnlimited = isUnlimited, Instead = Instead };
        receiver.ReceiveUntil(line =>
        {
            WriteObject(line);
            return --left == 0 || IsLast(line) || (prompt is not null && ReferenceEquals(line, prompt.Received));
        });
    }

    private LinePrompt? PromptOf(IMessageSource<string> source)
    {
        if (Until is null or ScriptBlock || !source.IsQueued)
            return null;
        string text = LanguagePrimitives.ConvertTo<string>(Until);
        return text.Length == 0 ? null : new LinePrompt(text, source.Format.Encoding);
    }

    private bool IsLast(string line) => Until switch
    {
        null => false,
        ScriptBlock script => LanguagePrimitives.IsTrue(
            script.InvokeWithContext((Dictionary<string, ScriptBlock>?)null, [new PSVariable("_", line)])),
        _ => line == LanguagePrimitives.ConvertTo<string>(Until),
    };
}
