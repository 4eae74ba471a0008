using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>The base of the cmdlets that create deferreds.</summary>
public abstract class DeferredCommand : TwistedCommand
{
    /// <summary>
    /// The reactor that runs the callbacks; by default the session's own, or in a handler the one that runs it.
    /// </summary>
    [Parameter]
    [ShownAs<Reactor>]
    [ArgumentCompleter(typeof(ReactorCompleter))]
    [ValidateNotNull]
    public Alive<Reactor>? Reactor { get; set; }

    /// <summary>The time after which the deferred is cancelled, with a time-out as its error; never by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    [Alias("TimeoutSec", "TimeoutSeconds")]
    public TimeSpan? Timeout { get; set; }

    /// <summary>A name for Get-Deferred and the other cmdlets of deferreds; Deferred and its number by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The place of the call, for messages about unhandled failures.</summary>
    private protected string Origin => MyInvocation.ScriptName is { Length: > 0 } file
        ? $"{file}:{MyInvocation.ScriptLineNumber}"
        : $"the prompt: {MyInvocation.Line.Trim()}";

    /// <summary>Creates a deferred on its reactor's thread and outputs it.</summary>
    private protected void WriteDeferred(ReactorHost host, Func<Deferred> make)
    {
        // A handler's belong to its connection, and there may be many.
        bool isOfPrompt = Session.IsInFront && Session.CurrentHost is null;
        Task<Deferred> made = host.Reactor.InvokeAsync(() =>
        {
            Deferred deferred = make();
            if (Timeout is { } time)
                deferred.SetTimeout(time);
            deferred.List(Name, isKept: isOfPrompt);
            return deferred;
        });
        WriteObject(WaitFor(host, made, "Making a deferred", ""));
    }
}
