using System.Runtime.InteropServices;

namespace TwistedPS.Engine.Datagrams;

/// <summary>Linux's <c>mmsghdr</c>: one of several messages that a system call receives.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinuxMessage
{
    public nint Address;
    public uint AddressLength;
    public nint Vectors;
    public nuint VectorCount;
    public nint Control;
    public nuint ControlLength;

    // An int of C, which is padded as the end of a structure within another one.
    public nint Flags;
    public uint Length;
}
