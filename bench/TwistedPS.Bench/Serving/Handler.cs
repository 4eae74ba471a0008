namespace TwistedPS.Bench;

/// <summary>What a peer does with a line; its name in small letters is what its program is told.</summary>
internal enum Handler
{
    Echo,
    Work,
    Broadcast,
}
