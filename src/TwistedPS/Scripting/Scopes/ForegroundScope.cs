using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>
/// The caller's own session: handlers are the caller's scriptblocks, unchanged unless they have <c>$using:</c> variables.
/// </summary>
internal class ForegroundScope(SessionState session) : HandlerScope(leaveSession: false)
{
    public override Func<ScriptBlock> Capture(ScriptBlock script, SessionState session)
    {
        if (!UsingVariables.AreIn(script.Ast))
            return () => script;
        ScriptBlock rebuilt = ScriptText.Capture(script, session, Values).Rebuild(built => BoundScript.Like(session, built, script) ?? built);
        return () => rebuilt;
    }

    public override ScriptBlock? Adopt(ScriptBlock built, ScriptBlock handler) => BoundScript.Like(session, built, handler);

    public override Action? CaptureInitialization(ScriptBlock script, object?[] arguments)
    {
        // Runs now, in the scope of the cmdlet's caller, since the handlers look names up from there.
        session.InvokeCommand.InvokeScript(useLocalScope: false, Capture(script, session)(), null, arguments);
        return null;
    }
}
