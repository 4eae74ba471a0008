using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>Where the handlers of one server or client live: what <c>$script:</c> means to them.</summary>
internal abstract class HandlerScope
{
    /// <summary>
    /// Calls a handler so that what it outputs before it leaves with break, continue or exit is not lost. It costs about
    /// ten times a plain call.
    /// </summary>
    protected const string CollectorText =
        "param($__handler, $__arguments, $__output) & $__handler @__arguments | ForEach-Object { $__output.Add($_) }";

    /// <summary>Takes a scriptblock of the calling session, with what it needs of it. On the session's thread.</summary>
    /// <returns>Makes the script that is called. To be called on the reactor's thread.</returns>
    public abstract Func<BoundScript> Capture(ScriptBlock script);

    /// <summary>Takes what calls a handler that may leave early. On the session's thread.</summary>
    /// <returns>Makes the scriptblock. To be called on the reactor's thread.</returns>
    public abstract Func<ScriptBlock> CaptureCollector(ScriptBlock handler);

    /// <summary>Gives a script that was built from a handler the handler's session state. On the reactor's thread.</summary>
    /// <returns>Null where that can't be done.</returns>
    public abstract ScriptBlock? Adopt(ScriptBlock built, ScriptBlock handler);

    /// <summary>Takes a script that defines functions and variables for the handlers. On the session's thread.</summary>
    /// <returns>What is left to do on the reactor's thread.</returns>
    public abstract Action? CaptureInitialization(ScriptBlock script, object?[] arguments);
}
