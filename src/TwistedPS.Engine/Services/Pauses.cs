namespace TwistedPS.Engine.Services;

/// <summary>The reasons for which a source is paused: it goes on when none is left. On the reactor's thread only.</summary>
/// <param name="pause">Called when there is a reason.</param>
/// <param name="resume">Called when there is none any more.</param>
internal sealed class Pauses(Action pause, Action resume) : IProducer
{
    private readonly HashSet<object> _reasons = [];

    public void Pause(object reason)
    {
        if (_reasons.Add(reason) && _reasons.Count == 1)
            pause();
    }

    public void Resume(object reason)
    {
        if (_reasons.Remove(reason) && _reasons.Count == 0)
            resume();
    }
}
