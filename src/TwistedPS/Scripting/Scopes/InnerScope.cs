using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>
/// The scope of a background handler, for what the handler itself starts: its scripts are called in place, in the scope of
/// its server.
/// </summary>
internal sealed class InnerScope(SessionState session) : ForegroundScope(session)
{
    public override Func<ScriptBlock> Capture(ScriptBlock script, SessionState session)
    {
        // Scriptblocks of $using: have no module yet.
        ScriptBlock captured = base.Capture(script, session)();
        ScriptBlock bound = captured.Module is null && session.Module is { } module ? module.NewBoundScriptBlock(captured) : captured;
        return () => bound;
    }
}
