using System.Net;

namespace TwistedPS.Engine.Datagrams;

/// <summary>A receiver of what a system call has not sent.</summary>
internal delegate void UnsentDatagram(ReadOnlySpan<byte> data, SocketAddress to);
