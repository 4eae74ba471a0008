namespace TwistedPS.Scripting.Inlining;

/// <summary>The input of a handler of messages.</summary>
/// <param name="OwnerVariable">The name of the variable that holds the server or client.</param>
/// <param name="Owner">The type of the server or client.</param>
/// <param name="SourceVariable">The name of the variable that holds the connection, or the sender of a datagram.</param>
/// <param name="Source">The type of that.</param>
/// <param name="IsText">Whether <c>$_</c> is text.</param>
internal sealed record HandlerInput(string OwnerVariable, Type Owner, string SourceVariable, Type Source, bool IsText)
{
    private const string Connection = "Connection";

    /// <summary>Whether the sender is another for each message.</summary>
    public bool HasManySources => SourceVariable != Connection;

    /// <summary>The input of the handler of bytes in place of messages.</summary>
    public HandlerInput OfData => this with { IsText = false };

    public static HandlerInput Of(string ownerVariable, bool isText) => isText
        ? new(ownerVariable, ownerVariable == "Server" ? typeof(LineServer) : typeof(LineClient), Connection, typeof(LineConnection), isText)
        : new(ownerVariable, ownerVariable == "Server" ? typeof(DataServer) : typeof(DataClient), Connection, typeof(DataConnection), isText);

    public static HandlerInput OfDatagrams(string ownerVariable, bool isText) =>
        new(ownerVariable, ownerVariable == "Server" ? typeof(DatagramServer) : typeof(DatagramClient), "Peer", typeof(DatagramPeer), isText);
}
