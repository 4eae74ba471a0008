namespace TwistedPS.Bench;

/// <summary>A handler of lines or datagrams in a peer; its name in lower case is the argument of the peer's program.</summary>
internal enum Handler
{
    Echo,
    Work,
    Broadcast,
    Datagrams,
}
