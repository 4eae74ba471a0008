using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>A script that can be called on the reactor's thread.</summary>
/// <param name="Script">The script.</param>
/// <param name="Variables">The variables that it needs besides those of its scope.</param>
internal sealed record BoundScript(ScriptBlock Script, IReadOnlyList<PSVariable> Variables)
{
    public BoundScript(ScriptBlock script)
        : this(script, [])
    {
    }
}
