using System.Diagnostics.CodeAnalysis;

namespace TwistedPS.Engine.Loop;

/// <summary>Work for a loop, with a task for its outcome.</summary>
internal static class Invocation
{
    /// <returns>The work, and the task of its result or exception.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "The exception belongs to whoever waits for the task.")]
    public static (Action Invoke, Task<T> Done) Of<T>(Func<T> work)
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
