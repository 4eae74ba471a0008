using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>The caller's own session: handlers are the caller's scriptblocks as they are.</summary>
internal sealed class ForegroundScope(SessionState session) : HandlerScope
{
    public override Func<ScriptBlock> Take(ScriptBlock script) => () => script;

    public override void Initialize(ScriptBlock script, object?[] arguments) =>
        session.InvokeCommand.InvokeScript(useLocalScope: false, script, null, arguments);
}
