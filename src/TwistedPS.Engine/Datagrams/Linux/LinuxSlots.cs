using System.Runtime.InteropServices;

namespace TwistedPS.Engine.Datagrams;

/// <summary>Room for several datagrams and their addresses, which stays where it is while a system call uses it.</summary>
internal sealed class LinuxSlots
{
    // Slots a power of two apart would share a few lines of the processor's cache.
    private const int Gap = 64;

    private readonly byte[] _data;
    private readonly byte[] _addresses;
    private readonly int _length;
    private readonly int _addressLength;

    // Nothing moves these, though the kernel has addresses in them.
    private readonly LinuxVector[] _vectors;

    /// <param name="count">The number of datagrams.</param>
    /// <param name="length">The length of the longest datagram. Only the pages that are used take memory.</param>
    /// <param name="addressLength">The length of the longest address.</param>
    public LinuxSlots(int count, int length, int addressLength)
    {
        (_length, _addressLength) = (length, addressLength);
        _data = GC.AllocateUninitializedArray<byte>(count * (length + Gap), pinned: true);
        _addresses = GC.AllocateArray<byte>(count * addressLength, pinned: true);
        _vectors = GC.AllocateArray<LinuxVector>(count, pinned: true);
        Messages = GC.AllocateArray<LinuxMessage>(count, pinned: true);
        for (int i = 0; i < count; i++)
        {
            SetLength(i, length);
            Messages[i].Address = Marshal.UnsafeAddrOfPinnedArrayElement(_addresses, i * addressLength);
            Messages[i].Vectors = Marshal.UnsafeAddrOfPinnedArrayElement(_vectors, i);
            Messages[i].VectorCount = 1;
        }
    }

    /// <summary>What the system call is given.</summary>
    public LinuxMessage[] Messages { get; }

    public Span<byte> Data(int slot) => _data.AsSpan(slot * (_length + Gap), _length);

    public Span<byte> Address(int slot) => _addresses.AsSpan(slot * _addressLength, _addressLength);

    /// <summary>Sets the number of bytes that the system call may use.</summary>
    public void SetLength(int slot, int length) =>
        _vectors[slot] = new LinuxVector(Marshal.UnsafeAddrOfPinnedArrayElement(_data, slot * (_length + Gap)), (nuint)length);
}
