using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>The base of the cmdlets that get an answer from a cluster: they wait for it, or in a handler output a deferred.</summary>
public abstract class ClusterQueryCommand : TwistedCommand
{
    /// <summary>The longest time to wait for the answer; 5 s by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    [Alias("TimeoutSec", "TimeoutSeconds")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The reactor to wait on; by default the session's own, or in a handler the one that runs it.</summary>
    [Parameter]
    [ShownAs<Reactor>]
    [ArgumentCompleter(typeof(ReactorCompleter))]
    [ValidateNotNull]
    public Alive<Reactor>? Reactor { get; set; }
}
