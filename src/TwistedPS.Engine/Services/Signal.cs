namespace TwistedPS.Engine.Services;

/// <summary>Something that is over, begins, and is over again, for those who wait for its end. It begins as over.</summary>
internal sealed class Signal
{
    private TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Signal() => Set();

    /// <summary>Ends when what goes on now is over. From any thread.</summary>
    public Task Over => _over.Task;

    public void Set() => _over.TrySetResult();

    public void Reset()
    {
        if (_over.Task.IsCompleted)
            _over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
