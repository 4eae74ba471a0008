namespace TwistedPS;

/// <summary>A handler of a server or client, as warnings name it. Made once and used for each of its calls.</summary>
internal sealed record HandlerCall(LineEndpoint Owner, string Name)
{
    public override string ToString() => $"{Name} of {Owner.Description}";
}
