using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>The scope of the handlers of one server or client: the meaning of <c>$script:</c> in them.</summary>
internal abstract class HandlerScope
{
    protected HandlerScope(bool leaveSession) => Values = new ScriptValues(leaveSession);

    /// <summary>The way of values into the handlers.</summary>
    public ScriptValues Values { get; }

    /// <summary>Captures a scriptblock, with the values of the variables that it uses. On the thread of its session.</summary>
    /// <param name="script">The scriptblock.</param>
    /// <param name="session">The session state of the cmdlet that it was given to.</param>
    /// <returns>A function that creates the script to call, for the reactor's thread.</returns>
    public abstract Func<ScriptBlock> Capture(ScriptBlock script, SessionState session);

    /// <summary>Moves a script built from a handler into the handler's session state. On the reactor's thread.</summary>
    /// <returns>The moved script; null if that is not possible.</returns>
    public abstract ScriptBlock? Adopt(ScriptBlock built, ScriptBlock handler);

    /// <summary>Captures a script that defines functions and variables for the handlers. On the session's thread.</summary>
    /// <returns>The work left for the reactor's thread; null for none.</returns>
    public abstract Action? CaptureInitialization(ScriptBlock script, object?[] arguments);

    /// <summary>
    /// Returns the warnings about what the handlers use and only the session has. On the reactor's thread, after the
    /// initialization.
    /// </summary>
    public virtual IEnumerable<string> MissingNames() => [];
}
