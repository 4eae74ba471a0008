using System.Management.Automation;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>What the cmdlets that take handlers have in common.</summary>
public abstract class HandlerCommand : TwistedCommand
{
    /// <summary>Arguments for every handler, after its own, and for the initialization script if there is one.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    public virtual object?[]? ArgumentList { get; set; }

    private protected virtual object?[] HandlerArguments => ArgumentList ?? [];

    /// <summary>Says whether the handler of a service's messages is inlined.</summary>
    private protected void ShowInlining<TMessage>(NetworkService service, NetworkServiceScripts<TMessage> scripts)
    {
        if (scripts.Inlining is { } verdict)
            WriteVerbose($"{service.OnMessage.Name}: {verdict}");
    }

    /// <summary>Takes a handler over into a scope, with the arguments that all of them get.</summary>
    private protected ScriptHandler? Capture(HandlerScope scope, ScriptBlock? script) => Capture(scope, script, HandlerArguments);
}
