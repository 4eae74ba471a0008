using System.Management.Automation;
using TwistedPS.Engine.Services;

namespace TwistedPS.Scripting;

/// <summary>A script that may block and whose output is one result, such as that of a deferred.</summary>
/// <param name="script">The script.</param>
/// <param name="arguments">Its arguments.</param>
/// <param name="location">The working directory.</param>
/// <param name="log">The log for what it writes to streams other than its output.</param>
internal sealed class DeferredWork(ScriptText script, object?[] arguments, string location, ReactorLog log) : BlockingWork(location)
{
    // Within a try with a catch, an error that ends a statement ends the work, as it ends a handler.
    private const string Runner = "param($script, $arguments, $begin) try { $begin.Invoke(); & $script @arguments } catch { throw }";

    protected override object? Invoke(PowerShell pipeline, Action begin)
    {
        pipeline.AddScript(Runner).AddArgument(script.Rebuild(pipeline.Runspace)).AddArgument(arguments).AddArgument(begin);
        return DeferredScript.ResultOf([.. pipeline.Invoke()]);
    }

    protected override void Log(LogLevel level, string message) => log.Add(level, message);
}
