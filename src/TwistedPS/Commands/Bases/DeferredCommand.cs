using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>What the cmdlets that make deferreds have in common.</summary>
public abstract class DeferredCommand : TwistedCommand
{
    /// <summary>The reactor that runs its callbacks; the session's own by default, in a handler the one that runs it.</summary>
    [Parameter]
    [ReactorTransformation]
    [ArgumentCompleter(typeof(ReactorCompleter))]
    public Reactor? Reactor { get; set; }

    /// <summary>Cancel it after this time, with a time-out as its error.</summary>
    [Parameter]
    [TimeoutTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Where the caller makes it, for messages about failures that nobody handles.</summary>
    private protected string Origin => MyInvocation.ScriptName is { Length: > 0 } file
        ? $"{file}:{MyInvocation.ScriptLineNumber}"
        : $"the prompt: {MyInvocation.Line.Trim()}";

    /// <summary>Makes a deferred on its reactor's thread and outputs it.</summary>
    private protected void WriteDeferred(ReactorHost host, Func<Deferred> make) => WriteObject(WaitFor(
        host,
        host.Reactor.InvokeAsync(() =>
        {
            Deferred deferred = make();
            if (Timeout is { } time)
                deferred.SetTimeout(time);
            return deferred;
        }),
        "Making a deferred",
        ""));
}
