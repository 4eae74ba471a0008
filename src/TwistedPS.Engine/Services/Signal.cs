namespace TwistedPS.Engine.Services;

/// <summary>A resettable signal that something is over, for those who wait for its end. Initially set.</summary>
internal sealed class Signal
{
    private TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Signal() => Set();

    /// <summary>Completes when what is going on now is over. From any thread.</summary>
    public Task Over => _over.Task;

    public void Set() => _over.TrySetResult();

    public void Reset()
    {
        if (_over.Task.IsCompleted)
            _over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
