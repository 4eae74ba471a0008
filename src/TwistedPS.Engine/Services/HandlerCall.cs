namespace TwistedPS.Engine.Services;

/// <summary>A handler, as named in warnings. Created once, and used for each of its calls.</summary>
/// <param name="Owner">Its service; null for a callback that belongs to none.</param>
/// <param name="Name">Its name, such as <c>OnLine</c>.</param>
internal sealed record HandlerCall(Service? Owner, string Name)
{
    public override string ToString() => Owner is null ? Name : $"{Name} of {Owner.Description}";
}
