using System.Net.Security;

namespace TwistedPS.Tests;

/// <summary>Peers that speak TLS with the server of a rig: .NET's own over a socket, ours in memory.</summary>
internal static class TlsPeers
{
    public static IPeer ConnectTls(this Rig rig, SslClientAuthenticationOptions? options = null)
    {
        IPeer peer = rig.Connect();
        return peer.Encrypt(options);
    }

    /// <summary>Begins TLS on a connection.</summary>
    public static IPeer Encrypt(this IPeer peer, SslClientAuthenticationOptions? options = null)
    {
        options ??= TlsOptions.Client();
        if (peer is SocketPeer socket)
            return TlsPeer.Connect(socket, options);
        ((MemoryPeer)peer).Encrypt(options);
        return peer;
    }
}
