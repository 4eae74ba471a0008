using System.Diagnostics.CodeAnalysis;

namespace TwistedPS.Engine.Loop;

/// <summary>Work for a loop, with a task for its outcome.</summary>
internal static class Invocation
{
    /// <summary>
    /// Does <paramref name="work"/> on the loop's thread, at once if called there, and returns its result or exception in a
    /// task. The task is cancelled if the loop ends first.
    /// </summary>
    public static Task<T> InvokeAsync<T>(this EventLoop loop, Func<T> work)
    {
        (Action invocation, Task<T> done) = Of(work);
        loop.Do(invocation);
        return done.WaitAsync(loop.Ended);
    }

    /// <summary>Does <paramref name="work"/> in a turn of its own, even if called on the loop's thread.</summary>
    public static Task<T> PostAsync<T>(this EventLoop loop, Func<T> work)
    {
        (Action invocation, Task<T> done) = Of(work);
        loop.Post(invocation);
        return done.WaitAsync(loop.Ended);
    }

    /// <returns>The work, and the task of its result or exception.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "The exception belongs to whoever waits for the task.")]
    private static (Action Invoke, Task<T> Done) Of<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Invoke()
        {
            try
            {
                done.SetResult(work());
            }
            catch (ReactorInterruptedException e)
            {
                done.SetException(e.InnerException!);
                throw;
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }

        return (Invoke, done.Task);
    }
}
