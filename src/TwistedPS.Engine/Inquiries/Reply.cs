using TwistedPS.Engine.Addresses;

namespace TwistedPS.Engine.Inquiries;

/// <summary>What a server has answered.</summary>
/// <param name="Server">The server.</param>
/// <param name="Records">The records of the reply; some of them only, unless it is whole.</param>
/// <param name="Reason">
/// How the reply ended: Done if the server has sent all of it, None if there was no connection.
/// </param>
/// <param name="Error">The error behind the reason, if there was one.</param>
internal sealed record Reply(HostAddress Server, IReadOnlyList<string> Records, CloseReason Reason, Exception? Error = null)
{
    public bool IsWhole => Reason == CloseReason.Done;
}
