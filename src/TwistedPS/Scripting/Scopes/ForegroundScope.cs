using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>The caller's own session: handlers are the caller's scriptblocks, unchanged.</summary>
internal class ForegroundScope(SessionState session) : HandlerScope
{
    protected SessionState SessionState => session;

    public override Func<BoundScript> Capture(ScriptBlock script)
    {
        var bound = new BoundScript(script);
        return () => bound;
    }

    public override Func<ScriptBlock> CaptureCollector(ScriptBlock handler)
    {
        // It has to belong to the handler's own session state, or the handler would not see $_ and $Connection through it.
        ScriptBlock collector = handler.Module is { } module
            ? module.NewBoundScriptBlock(ScriptBlock.Create(CollectorText))
            : (ScriptBlock)session.InvokeCommand.InvokeScript($"{{ {CollectorText} }}")[0].BaseObject;
        return () => collector;
    }

    // Scripts outside of modules run where the loop runs, in the caller's session state.
    public override ScriptBlock? Adopt(ScriptBlock built, ScriptBlock handler) => handler.Module is { } module
        ? module.NewBoundScriptBlock(built)
        : session.Module is null ? built : null;

    public override Action? CaptureInitialization(ScriptBlock script, object?[] arguments)
    {
        // Runs now, in the scope of the cmdlet's caller, since the handlers look names up from there.
        session.InvokeCommand.InvokeScript(useLocalScope: false, script, null, arguments);
        return null;
    }
}
