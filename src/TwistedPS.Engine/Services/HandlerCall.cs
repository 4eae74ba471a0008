using TwistedPS.Engine.Measures;

namespace TwistedPS.Engine.Services;

/// <summary>A handler, as named in warnings. Created once, and used for each of its calls.</summary>
/// <param name="owner">Its service; null for a callback that belongs to none.</param>
/// <param name="name">Its name, such as <c>OnLine</c>.</param>
internal sealed class HandlerCall(Service? owner, string name)
{
    private TimeHistogram? _times;

    public Service? Owner => owner;

    public string Name => name;

    /// <summary>The times of its calls, which it shares with others of its name; null for a callback that belongs to none.</summary>
    public TimeHistogram? Times => _times ??= owner?.Times.Of(name);

    public override string ToString() => owner is null ? name : $"{name} of {owner.Description}";
}
