using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Clusters;
using TwistedPS.Engine.Groups;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>The base of the cmdlets for the values that the nodes of a cluster share.</summary>
public abstract class SharedValueCommand : TwistedCommand
{
    /// <summary>The key: letters, digits and - _ / =, in words with dots between, such as orders.count.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(KeyCompleter))]
    [ValidateNotNullOrEmpty]
    public string Key { get; set; } = "";

    /// <summary>The longest time to wait for the broker; 5 s by default.</summary>
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

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (SharedState.WhyInvalid(Key) is { } why)
            ThrowTerminatingError(Errors.ValueKeyInvalid(Key, why));
        if (FindHost(Reactor) is not { } host)
            return;
        var limit = new CancellationTokenSource(Timeout);
        Task<object?> work = WorkAsync(ReactorCluster.Current.State, limit);
        if (host.Reactor.IsCurrent)
            WriteObject(Promise(host.Reactor, work));
        else
            Await(host, work);
    }

    /// <summary>Remembers the key for completion, since there is a value.</summary>
    private protected void Remember() => Session.KnownKeys.Add(Key);

    /// <summary>Does the work.</summary>
    private protected abstract Task<object?> WorkAsync(SharedState state, CancellationToken cancel);

    /// <summary>Returns the output for a result of the work.</summary>
    private protected virtual object? OutputOf(object? result) => result;

    private async Task<object?> WorkAsync(SharedState state, CancellationTokenSource limit)
    {
        try
        {
            return await WorkAsync(state, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            throw new BackplaneException(BackplaneFault.Unreachable, $"The broker {ReactorCluster.Current.Broker} has not answered within {Timeout.TotalSeconds:0.###} s.", e);
        }
        finally
        {
            limit.Dispose();
        }
    }

    private Deferred Promise(Reactor reactor, Task<object?> work)
    {
        Deferred deferred = Deferred.FromTask(reactor, work, $"{CommandName} {Key}");
        deferred.AddCallbacks(OutputOf, error => throw Errors.ExceptionOf(ErrorFor(error)));
        return deferred;
    }

    private void Await(ReactorHost host, Task<object?> work)
    {
        try
        {
            object? output = OutputOf(WaitFor(host, work, $"Waiting for {Key}", ""));
            if (output is not null)
                WriteObject(output, enumerateCollection: output is object[]);
        }
        catch (InvalidMessageException e)
        {
            WriteError(Errors.JsonInvalid(e, (byte[])work.Result!));
        }
        catch (Exception e) when (e is BackplaneException or FormatException or OverflowException)
        {
            WriteError(ErrorFor(e));
        }
    }

    private ErrorRecord ErrorFor(Exception error) =>
        error is BackplaneException failure ? Errors.BackplaneFailed(failure, Key) : Errors.ValueNotNumber(Key, error);
}
