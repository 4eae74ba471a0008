namespace TwistedPS.Engine.Streams;

/// <summary>The sends that wait until a slow peer has read enough for more. On the reactor's thread only.</summary>
internal sealed class PendingSends
{
    private readonly List<TaskCompletionSource> _waiting = [];

    public void Add(TaskCompletionSource sent) => _waiting.Add(sent);

    public void Complete() => End(sent => sent.SetResult());

    public void Fail(Exception error) => End(sent => sent.SetException(error));

    private void End(Action<TaskCompletionSource> end)
    {
        _waiting.ForEach(end);
        _waiting.Clear();
    }
}
