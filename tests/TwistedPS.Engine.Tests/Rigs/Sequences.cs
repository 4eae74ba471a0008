using System.Buffers;

namespace TwistedPS.Tests;

/// <summary>Helpers that create sequences of linked segments, and feed them to a framer.</summary>
internal static class Sequences
{
    public static ReadOnlySequence<byte> Split(ReadOnlyMemory<byte> bytes, int length)
    {
        if (bytes.Length <= length)
            return new ReadOnlySequence<byte>(bytes);
        var first = new ByteSegment(bytes[..length]);
        ByteSegment last = first;
        for (int at = length; at < bytes.Length; at += length)
            last = last.Append(bytes.Slice(at, Math.Min(length, bytes.Length - at)));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    /// <summary>Feeds a stream that arrives in chunks, each time with all unconsumed data.</summary>
    public static (List<T> Messages, byte[] Left) Read<T>(
        IFramer<T> framer, byte[] stream, int chunk, int segment = int.MaxValue)
    {
        var messages = new List<T>();
        return (messages, Read(framer, stream, chunk, segment, messages));
    }

    /// <summary>Adds the messages of such a stream to others, up to what the framer refuses.</summary>
    /// <returns>The unconsumed data.</returns>
    public static byte[] Read<T>(IFramer<T> framer, byte[] stream, int chunk, int segment, List<T> messages)
    {
        int start = 0;
        int end = 0;
        while (end < stream.Length)
        {
            end = Math.Min(stream.Length, end > stream.Length - chunk ? stream.Length : end + chunk);
            ReadOnlySequence<byte> buffer = Split(stream.AsMemory(start..end), segment);
            while (framer.TryRead(buffer, out SequencePosition consumed, out T message))
            {
                messages.Add(message);
                start += (int)buffer.Slice(0, consumed).Length;
                buffer = Split(stream.AsMemory(start..end), segment);
            }
        }

        return stream[start..];
    }
}
