using System.Net;

namespace TwistedPS.Engine.Addresses;

/// <summary>
/// Lookups that block, each on a thread of its own and not on .NET's pool, which others need, and no more than some at once.
/// One that is given up goes on alone, since it can't be interrupted; one that waits for its turn leaves.
/// </summary>
/// <param name="lookUp">Looks up a name; it may block for ever.</param>
/// <param name="places">The places for lookups; each has one until it ends.</param>
internal sealed class BoundedLookUp(Func<string, IPAddress[]> lookUp, SemaphoreSlim places)
{
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was cancelled.</exception>
    public async Task<IPAddress[]> LookUpAsync(string name, CancellationToken cancel)
    {
        await places.WaitAsync(cancel).ConfigureAwait(false);
        var found = new TaskCompletionSource<IPAddress[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => LookUp(name, found)) { IsBackground = true, Name = "TwistedPS lookup" }.UnsafeStart();
        return await found.Task.WaitAsync(cancel).ConfigureAwait(false);
    }

    private void LookUp(string name, TaskCompletionSource<IPAddress[]> found)
    {
        try
        {
            found.SetResult(lookUp(name));
        }
        catch (Exception e)
        {
            found.SetException(e);

            // Nobody else may look at it, if it was given up.
            _ = found.Task.Exception;
        }
        finally
        {
            places.Release();
        }
    }
}
