using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Services;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Creates a deferred to be fired with Complete-Deferred, or one that fires with a task or with other deferreds.
/// </summary>
/// <remarks>
/// A deferred is a result that comes later. Callbacks of Add-DeferredCallback pass it on, Receive-Deferred waits for it, and a
/// handler that outputs it answers with it. One from this cmdlet fires with Complete-Deferred, with a task of .NET, with all of
/// some deferreds (-All) or with the first of them (-Any). An error that nobody handles is shown as a warning.
/// </remarks>
[Cmdlet(VerbsCommon.New, "Deferred", DefaultParameterSetName = "Empty", HelpUri = Pages + "New-Deferred.md")]
[OutputType(typeof(Deferred))]
public sealed class NewDeferredCommand : DeferredCommand
{
    /// <summary>Called when the deferred is cancelled, to end what would bring its result; $_ is the deferred.</summary>
    [Parameter(ParameterSetName = "Empty")]
    public ScriptBlock? OnCancel { get; set; }

    /// <summary>The task whose result or error fires the deferred.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Task")]
    [ValidateNotNull]
    public Task? Task { get; set; }

    /// <summary>
    /// The deferreds, or their numbers or names, whose results, in order as an array, or whose first error fires this one
    /// (gatherResults).
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "All")]
    [ShownAs<Deferred>]
    [ArgumentCompleter(typeof(DeferredCompleter))]
    [AllowEmptyCollection]
    public Alive<Deferred>[] All { get; set; } = [];

    /// <summary>
    /// The deferreds, or their numbers or names, whose first result fires this one and cancels the others; if all fail, so does
    /// this one (race).
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "Any")]
    [ShownAs<Deferred>]
    [ArgumentCompleter(typeof(DeferredCompleter))]
    public Alive<Deferred>[] Any { get; set; } = [];

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (FindHost(Reactor) is not { } host)
            return;
        if (FindMembers() is not { } members)
            return;
        ScriptHandler? onCancel = Capture(host.CreateInnerScope(SessionState), OnCancel, []);
        WriteDeferred(host, () =>
        {
            foreach (Deferred member in members)
                host.CurrentRun?.Remove(member);
            return ParameterSetName switch
            {
                "Task" => Deferred.FromTask(host.Reactor, Task!, Origin),
                "All" => Deferred.WhenAll(host.Reactor, members, Origin),
                "Any" => Deferred.WhenAny(host.Reactor, members, Origin),
                _ => new Deferred(host.Reactor, Origin, onCancel is null ? null : cancelled => Cancel(host, onCancel, cancelled)),
            };
        });
    }

    /// <returns>The deferreds to combine; null if one is not there, after an error is written.</returns>
    private Deferred[]? FindMembers()
    {
        Deferred?[] found = [.. All.Concat(Any).SelectMany(given => given.Identities)
            .Select(identity => this.FindOne(LiveKinds.Deferreds, new Alive<Deferred>(identity)))];
        return Array.TrueForAll(found, member => member is not null) ? [.. found.OfType<Deferred>()] : null;
    }

    private static void Cancel(ReactorHost host, ScriptHandler onCancel, Deferred cancelled)
    {
        HandlerWatch watch = host.Reactor.Watch;
        CallContext? outer = watch.Enter(new CallContext(new HandlerCall(null, $"OnCancel of {cancelled}")));
        try
        {
            host.Begin(null);
            onCancel.Invoke([], cancelled, [], cancelled);
        }
        finally
        {
            watch.Exit(outer);
        }
    }
}
