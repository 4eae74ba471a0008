using System.Runtime.InteropServices;

namespace TwistedPS.Engine.Datagrams;

/// <summary>Linux's <c>iovec</c>: a place for bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct LinuxVector(nint Start, nuint Length);
