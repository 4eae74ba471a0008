using TwistedPS.Engine.Addresses;

namespace TwistedPS.Engine.Inquiries;

/// <summary>The reply of a server.</summary>
/// <param name="Server">The server.</param>
/// <param name="Records">The records of the reply; only some of them unless it is complete.</param>
/// <param name="Reason">
/// The way the reply ended: Done if the server has sent all of it, None if there was no connection.
/// </param>
/// <param name="Error">The error behind the reason, if any.</param>
internal sealed record Reply(HostAddress Server, IReadOnlyList<string> Records, CloseReason Reason, Exception? Error = null)
{
    public bool IsWhole => Reason == CloseReason.Done;
}
