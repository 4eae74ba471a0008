using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace TwistedPS;

/// <summary>The process and user at the other end of a UNIX socket, as they were when it connected or began to listen.</summary>
/// <param name="ProcessId">The number of the process.</param>
/// <param name="UserId">The number of its user.</param>
/// <param name="GroupId">The number of its group.</param>
public sealed record PeerCredential(int ProcessId, int UserId, int GroupId)
{
    /// <summary>Returns the three numbers.</summary>
    public override string ToString() => $"process {ProcessId}, user {UserId}, group {GroupId}";

    // SOL_SOCKET and SO_PEERCRED of Linux.
    private const int SocketLevel = 1;
    private const int PeerCredentialOption = 17;

    /// <returns>The credential; null for anything but a UNIX socket on Linux.</returns>
    internal static PeerCredential? Of(Socket socket)
    {
        if (socket.AddressFamily != AddressFamily.Unix || !OperatingSystem.IsLinux())
            return null;
        Span<int> found = stackalloc int[3];
        socket.GetRawSocketOption(SocketLevel, PeerCredentialOption, MemoryMarshal.AsBytes(found));
        return new PeerCredential(found[0], found[1], found[2]);
    }
}
