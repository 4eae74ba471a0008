namespace TwistedPS.Scripting.Inlining;

/// <summary>The input of a handler of messages.</summary>
/// <param name="OwnerVariable">The name of the variable that holds the server or client.</param>
/// <param name="Owner">The type of the server or client.</param>
/// <param name="Connection">The type of <c>$Connection</c>.</param>
/// <param name="IsText">Whether <c>$_</c> is text.</param>
internal sealed record HandlerInput(string OwnerVariable, Type Owner, Type Connection, bool IsText)
{
    public static HandlerInput Of(string ownerVariable, bool isText) => isText
        ? new(ownerVariable, ownerVariable == "Server" ? typeof(LineServer) : typeof(LineClient), typeof(LineConnection), isText)
        : new(ownerVariable, ownerVariable == "Server" ? typeof(DataServer) : typeof(DataClient), typeof(DataConnection), isText);
}
