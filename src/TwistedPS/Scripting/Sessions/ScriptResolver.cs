using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using TwistedPS.Engine.Deferreds;
using TwistedPS.Engine.Services;

namespace TwistedPS.Scripting;

/// <summary>
/// A script that looks up names. It may block: each call has a worker of its own, apart from those of Start-Deferred, whose
/// scripts may wait for it, and is stopped when it is given up.
/// </summary>
/// <param name="script">The script, which gets the name, and outputs addresses or texts of them.</param>
/// <param name="workers">The workers of lookups.</param>
/// <param name="location">The working directory.</param>
/// <param name="log">The log for what it writes to streams other than its output.</param>
internal sealed class ScriptResolver(ScriptText script, WorkerPool workers, string location, ReactorLog log) : NameResolver
{
    /// <inheritdoc/>
    public override string ToString() => "Script";

    internal override async Task<IPAddress[]> LookUpAsync(string name, CancellationToken cancel)
    {
        var looked = new TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var work = new DeferredWork(script, [name], location, log);
        workers.Add(new WorkItem(work, outcome => looked.TrySetResult(outcome), work.Cancel, IsDetached: true), null);
        try
        {
            return AddressesOf(await looked.Task.WaitAsync(cancel).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            workers.GiveUp(work);
            throw;
        }
    }

    private static IPAddress[] AddressesOf(Outcome outcome)
    {
        if (outcome.Error is { } error)
            throw Failed($"{Errors.Describe(error)}");
        IPAddress[] found = [.. ItemsOf(outcome.Result).Select(ToAddress)];
        return found.Length > 0 ? found : throw Unknown();
    }

    private static IEnumerable<object> ItemsOf(object? result) => result switch
    {
        null => [],
        object?[] several => several.OfType<object>(),
        _ => [result],
    };

    private static IPAddress ToAddress(object item) => AddressOf(item)
        ?? throw Failed($"'{item}' is no IP address");

    /// <returns>The address that an object is or says; null if it is none.</returns>
    public static IPAddress? AddressOf(object? item) => (item is PSObject wrapped ? wrapped.BaseObject : item) switch
    {
        IPAddress address => address,
        string text when IPAddress.TryParse(text, out IPAddress? address) => address,
        _ => null,
    };

    private static SocketException Failed(string reason) => new((int)SocketError.NoRecovery, $"The resolver has failed: {reason}");
}
