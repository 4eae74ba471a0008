using System.Net;

namespace TwistedPS.Engine.Datagrams;

/// <summary>Compares addresses by what the system has said of them. .NET's own hash heeds what was in the buffer before.</summary>
internal sealed class SocketAddressComparer : IEqualityComparer<SocketAddress>
{
    public static SocketAddressComparer Instance { get; } = new();

    public bool Equals(SocketAddress? one, SocketAddress? other) =>
        one is not null && other is not null ? BytesOf(one).SequenceEqual(BytesOf(other)) : one == other;

    public int GetHashCode(SocketAddress address)
    {
        var hash = default(HashCode);
        hash.AddBytes(BytesOf(address));
        return hash.ToHashCode();
    }

    private static ReadOnlySpan<byte> BytesOf(SocketAddress address) => address.Buffer.Span[..address.Size];
}
