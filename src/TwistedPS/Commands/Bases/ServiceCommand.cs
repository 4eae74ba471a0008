using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>The base of the cmdlets that start a service on a reactor; those of streams have their own bases.</summary>
// Servers and clients declare the same parameters again: one more class above all three would put the parameters of a cmdlet
// into a third file, and make it five classes deep. A test holds them equal.
public abstract class ServiceCommand : TwistedCommand, IServiceParameters
{
    /// <summary>A script that runs first, in the scope of the handlers, which have its functions and variables.</summary>
    [Parameter]
    public ScriptBlock? InitializationScript { get; set; }

    /// <summary>The reactor to run on; by default the session's own, or in a handler the one that runs it.</summary>
    [Parameter]
    [ShownAs<Reactor>]
    [ArgumentCompleter(typeof(ReactorCompleter))]
    [ValidateNotNull]
    public Alive<Reactor>? Reactor { get; set; }

    /// <summary>A name for lists and the log; the kind and a number by default, such as LineServer1.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNullOrEmpty]
    public virtual string? Name { get; set; }

    /// <summary>The file to which the log is appended; none by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <summary>The lowest level of the entries that the log keeps; all by default.</summary>
    [Parameter]
    public LogLevel LogLevel { get; set; }

    /// <summary>Extra arguments for every handler, after its own, and for the initialization script; none by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowNull]
    [AllowEmptyCollection]
    public virtual object?[]? ArgumentList { get; set; }

    private protected ServiceStarter Starter => new(this, this);
}
