using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>
/// The scope of a handler, for what the handler itself starts: its scripts are called in place, in the scope of its server,
/// with the current values of their <c>$using:</c> variables.
/// </summary>
internal sealed class InnerScope(SessionState session) : ForegroundScope(session)
{
    public override Func<BoundScript> Capture(ScriptBlock script)
    {
        ScriptText text = ScriptText.Capture(script, SessionState);
        if (text.Variables.Count == 0)
            return base.Capture(script);
        BoundScript bound = new(
            Bind(text, script.Module),
            [.. text.Variables.Select(variable => new PSVariable(variable.Key, Bound(variable.Value, script.Module)))]);
        return () => bound;
    }

    private static object? Bound(object? value, PSModuleInfo? module) => value is ScriptText script ? Bind(script, module) : value;

    private static ScriptBlock Bind(ScriptText text, PSModuleInfo? module)
    {
        ScriptBlock rebuilt = text.Rebuild();
        return module?.NewBoundScriptBlock(rebuilt) ?? rebuilt;
    }
}
