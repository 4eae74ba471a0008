using System.Diagnostics.CodeAnalysis;
using TwistedPS.Engine.Services;

namespace TwistedPS;

/// <summary>A datagram that has arrived.</summary>
public sealed class Datagram
{
    internal Datagram(DatagramPeer peer, byte[] data) => (Peer, Data) = (peer, data);

    /// <summary>The sender.</summary>
    public DatagramPeer Peer { get; }

    /// <summary>The bytes.</summary>
    [SuppressMessage("Performance", "CA1819", Justification = "They are the datagram itself, made for its receivers.")]
    public byte[] Data { get; }

    /// <summary>The bytes as text, in the encoding of the server or client.</summary>
    public string Text => Peer.Owner.Encoding.GetString(Data);

    /// <summary>Returns the text, on one line: its control characters are escapes.</summary>
    public override string ToString() => VisibleText.Of(Text);
}
