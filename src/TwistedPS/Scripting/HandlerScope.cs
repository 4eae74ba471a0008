using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>Where the handlers of one server or client live: what <c>$script:</c> means to them.</summary>
internal abstract class HandlerScope
{
    /// <summary>Takes a scriptblock of the calling session, with what it needs of it. On the session's thread.</summary>
    /// <returns>Makes the scriptblock that handlers call. To be called on the reactor's thread.</returns>
    public abstract Func<ScriptBlock> Take(ScriptBlock script);

    /// <summary>Runs a script for what it defines: functions and variables stay. On the reactor's thread.</summary>
    public abstract void Initialize(ScriptBlock script, object?[] arguments);
}
