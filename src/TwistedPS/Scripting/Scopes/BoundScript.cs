using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>
/// A built scriptblock in a session state. Without one it would run in that of whoever calls it, such as of the module whose
/// function runs the loop of a foreground reactor.
/// </summary>
internal static class BoundScript
{
    /// <summary>Returns the scriptblock as if it had been written in the session state. On the session's thread.</summary>
    public static ScriptBlock In(SessionState session, ScriptBlock built) =>
        new PSModuleInfo(linkToGlobal: false) { SessionState = session }.NewBoundScriptBlock(built);

    /// <summary>Returns the scriptblock as if it had been written where another was. On the session's thread.</summary>
    /// <param name="session">The session state that the other is used in.</param>
    /// <param name="built">The scriptblock.</param>
    /// <param name="written">The other one.</param>
    /// <returns>The scriptblock; null where a module uses one that was written outside of all modules.</returns>
    public static ScriptBlock? Like(SessionState session, ScriptBlock built, ScriptBlock written) =>
        written.Module is { } module ? module.NewBoundScriptBlock(built)
        : session.Module is null ? In(session, built)
        : null;
}
