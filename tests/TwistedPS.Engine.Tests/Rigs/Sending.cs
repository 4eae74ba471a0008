using System.Buffers;

namespace TwistedPS.Tests;

/// <summary>Sends of messages, encoded as a cmdlet does.</summary>
internal static class Sending
{
    public static void Broadcast<T>(this MessageServer<T> server, T message, Func<IEnumerable<Connection>> receivers)
    {
        (ReadOnlyMemory<byte> bytes, int count) = Encode(server.Format, message);
        server.Broadcast(bytes, count, receivers);
    }

    public static Task SendAsync<T>(this MessageConnection<T> connection, T message)
    {
        (ReadOnlyMemory<byte> bytes, int count) = Encode(connection.Format, message);
        return connection.Output.SendAsync(() => bytes, count);
    }

    private static (ReadOnlyMemory<byte> Bytes, int Count) Encode<T>(IMessageFormat<T> format, T message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        int count = format.Write(buffer, message);
        return (buffer.WrittenMemory, count);
    }
}
