using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace TwistedPS.Tests;

/// <summary>A peer that blocks, over .NET's stream of TLS over a socket.</summary>
internal sealed class TlsPeer : IPeer
{
    private readonly SocketPeer _peer;

    private TlsPeer(SocketPeer peer)
    {
        _peer = peer;
        Stream = new SslStream(new NetworkStream(peer.Socket, ownsSocket: true));
    }

    public SslStream Stream { get; }

    public Socket Socket => _peer.Socket;

    public static TlsPeer Connect(SocketPeer peer, SslClientAuthenticationOptions options) =>
        Make(peer, stream => stream.AuthenticateAsClient(options));

    public static TlsPeer Serve(SocketPeer peer, SslServerAuthenticationOptions options) =>
        Make(peer, stream => stream.AuthenticateAsServer(options));

    public void Send(ReadOnlySpan<byte> bytes) => Stream.Write(bytes);

    public byte[] ReceiveBytes(int count)
    {
        var received = new byte[count];
        Stream.ReadExactly(received);
        return received;
    }

    public string ReceiveToEnd() => Encoding.UTF8.GetString(BytesToEnd());

    public byte[] BytesToEnd()
    {
        using var received = new MemoryStream();
        Stream.CopyTo(received);
        return received.ToArray();
    }

    /// <summary>Says that it ends, in TLS; the socket goes on.</summary>
    public void HalfClose() => Stream.ShutdownAsync().Wait(Waiting.Limit);

    /// <summary>Ends the socket's sending without a word of TLS.</summary>
    public void Truncate() => _peer.HalfClose();

    public void Close()
    {
        HalfClose();
        Dispose();
    }

    public void Reset() => _peer.Reset();

    public void Dispose() => Stream.Dispose();

    private static TlsPeer Make(SocketPeer peer, Action<SslStream> authenticate)
    {
        var encrypted = new TlsPeer(peer);
        try
        {
            authenticate(encrypted.Stream);
            return encrypted;
        }
        catch
        {
            encrypted.Dispose();
            throw;
        }
    }
}
