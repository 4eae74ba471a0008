using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Adds a step to the chain of a deferred, and outputs the deferred (addCallbacks). The output of the step is the next
/// result; in a handler, the last result goes to the handler's connection.
/// </summary>
[Cmdlet(VerbsCommon.Add, "DeferredCallback", DefaultParameterSetName = Piped)]
[OutputType(typeof(Deferred))]
public sealed class AddDeferredCallbackCommand : TwistedCommand
{
    private const string Given = "Given";
    private const string Piped = "Piped";
    private const string Either = "Both";

    /// <summary>The deferred, or its number or name.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = Given)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = Piped)]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = Either)]
    [ShownAs<Deferred>]
    [ArgumentCompleter(typeof(DeferredCompleter))]
    public Alive<Deferred>[] Deferred { get; set; } = [];

    /// <summary>Called with the result, which is $_.</summary>
    [Parameter(Position = 1, ParameterSetName = Given)]
    [Parameter(Position = 0, ParameterSetName = Piped)]
    public ScriptBlock? OnSuccess { get; set; }

    /// <summary>Called with the error; $_ is its record.</summary>
    [Parameter(ParameterSetName = Given)]
    [Parameter(ParameterSetName = Piped)]
    public ScriptBlock? OnError { get; set; }

    /// <summary>Called with the result or the error.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Either)]
    public ScriptBlock? Both { get; set; }

    /// <summary>Extra arguments for the callbacks, after the result or the error.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? ArgumentList { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if ((OnSuccess ?? OnError ?? Both) is null)
            ThrowTerminatingError(Errors.CallbackMissing());
        foreach (Deferred deferred in this.Find(LiveKinds.Deferreds, Deferred))
            Add(deferred);
    }

    private void Add(Deferred deferred)
    {
        ReactorHost host = HostOf(deferred.Reactor);
        HandlerScope scope = host.CreateInnerScope(SessionState);
        ScriptHandler? onSuccess = Capture(scope, OnSuccess ?? Both, ArgumentList);
        ScriptHandler? onError = Capture(scope, OnError ?? Both, ArgumentList);
        Task<bool> added = host.Reactor.InvokeAsync(() =>
        {
            Recipient? recipient = host.CurrentRun?.Recipient;
            deferred.AddCallbacks(
                onSuccess is null ? null : new DeferredScript(host, deferred, onSuccess, recipient).Callback,
                onError is null ? null : new DeferredScript(host, deferred, onError, recipient).Errback);
            host.CurrentRun?.Add(deferred);
            return true;
        });
        WaitFor(host, added, "Adding a callback", "");
        WriteObject(deferred);
    }
}
