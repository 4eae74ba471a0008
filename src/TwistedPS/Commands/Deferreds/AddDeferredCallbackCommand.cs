using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Adds a step to the chain of a deferred, and outputs the deferred (Twisted's addCallbacks).</summary>
/// <remarks>
/// The callback runs when the result or the error is there, at once if it is. Its output is the result for the next: nothing is
/// $null, several objects are an array, and a deferred is waited for. One that throws, or outputs the error record that it was
/// given, leaves an error for the next -OnError. It outputs the same deferred, so that calls can be chained. In a handler, the
/// last result goes to the connection for which that runs.
/// </remarks>
[Cmdlet(VerbsCommon.Add, "DeferredCallback", DefaultParameterSetName = Piped, HelpUri = Pages + "Add-DeferredCallback.md")]
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

    /// <summary>Called with the result, which is $_; its output is the next result.</summary>
    [Parameter(Position = 1, ParameterSetName = Given)]
    [Parameter(Position = 0, ParameterSetName = Piped)]
    public ScriptBlock? OnSuccess { get; set; }

    /// <summary>Called with the error; $_ is its record, and the output goes on as a result, unless it is a record again.</summary>
    [Parameter(ParameterSetName = Given)]
    [Parameter(ParameterSetName = Piped)]
    public ScriptBlock? OnError { get; set; }

    /// <summary>Called with the result or the error, which is $_, as finally is; what it outputs goes on.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Either)]
    public ScriptBlock? Both { get; set; }

    /// <summary>Extra arguments for the callbacks, after the result or the error; none by default.</summary>
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
