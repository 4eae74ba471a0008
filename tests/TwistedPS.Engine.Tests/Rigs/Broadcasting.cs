using System.Buffers;

namespace TwistedPS.Tests;

/// <summary>Broadcasts of messages.</summary>
internal static class Broadcasting
{
    public static void Broadcast(this LineServer server, string text, Func<IEnumerable<Connection>> receivers)
    {
        var buffer = new ArrayBufferWriter<byte>();
        int count = server.Format.Write(buffer, text);
        server.Broadcast(buffer.WrittenMemory, count, receivers);
    }
}
