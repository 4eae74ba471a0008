namespace TwistedPS;

/// <summary>A handler of a service, as warnings name it. Made once and used for each of its calls.</summary>
internal sealed record HandlerCall(Service Owner, string Name)
{
    public override string ToString() => $"{Name} of {Owner.Description}";
}
