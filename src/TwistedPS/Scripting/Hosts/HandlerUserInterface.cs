using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace TwistedPS.Scripting;

/// <summary>The user interface of handlers in the background: it shows nothing, and refuses every question.</summary>
internal sealed class HandlerUserInterface : PSHostUserInterface
{
    public override PSHostRawUserInterface RawUI { get; } = new HandlerRawUserInterface();

    public override string ReadLine() => throw Errors.NobodyToAsk();

    public override SecureString ReadLineAsSecureString() => throw Errors.NobodyToAsk();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        throw Errors.NobodyToAsk();

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        throw Errors.NobodyToAsk();

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw Errors.NobodyToAsk();

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        throw Errors.NobodyToAsk();

    public override void Write(string value)
    {
    }

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
    {
    }

    public override void WriteLine(string value)
    {
    }

    public override void WriteErrorLine(string value)
    {
    }

    public override void WriteDebugLine(string message)
    {
    }

    public override void WriteVerboseLine(string message)
    {
    }

    public override void WriteWarningLine(string message)
    {
    }

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
    }
}
