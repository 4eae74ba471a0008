using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>
/// What the cmdlets that start something on a reactor have in common; those of streams have bases of their own.
/// </summary>
public abstract class ServiceCommand : TwistedCommand, IServiceParameters
{
    /// <summary>Runs first; functions and variables that it defines are there for the handlers.</summary>
    [Parameter]
    public ScriptBlock? InitializationScript { get; set; }

    /// <summary>The reactor to run on; the session's own by default, in a handler the one that runs it.</summary>
    [Parameter]
    [ReactorTransformation]
    [ArgumentCompleter(typeof(ReactorCompleter))]
    public Reactor? Reactor { get; set; }

    /// <summary>A name for lists and the log.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>A file that the log is appended to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <summary>What the log keeps: entries that matter as much or more; all by default.</summary>
    [Parameter]
    public LogLevel LogLevel { get; set; }

    /// <summary>Arguments for every handler, after its own, and for the initialization script if there is one.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    public virtual object?[]? ArgumentList { get; set; }

    private protected ServiceStarter Starter => new(this, this);
}
