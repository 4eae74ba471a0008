using System.Buffers;
using System.Globalization;

namespace TwistedPS.Tests;

/// <summary>
/// Streams of messages to which something is done, in pieces of every small size and in several segments, against a reading of
/// the whole. FRAMING_FUZZ_ROUNDS says how many there are of each framing.
/// </summary>
public sealed class DataFormatFuzzTests
{
    private const int MaxLength = 300;

    private static readonly int s_rounds =
        int.Parse(Environment.GetEnvironmentVariable("FRAMING_FUZZ_ROUNDS") ?? "200", CultureInfo.InvariantCulture);

    private static readonly byte[] s_signs = [.. "\0\n\r09:, a-+"u8, 1, 7, 127, 128, 129, 255];

    public static TheoryData<string> Framings =>
    [
        "Netstring", "Length8", "Length16", "Length32", "Length64", "Length16LE", "Length32LE", "Length64LE", "Varint", "Decimal",
        "Fixed:7", @"Until:\0", "Until:CRLF", "Until:aab", "Json",
        "whole", "including itself", "including all", "less than the header", "after a byte", "stripped",
    ];

    [Theory]
    [MemberData(nameof(Framings))]
    public void Whatever_comes_is_read_as_the_whole_is(string framing)
    {
        DataFormat format = FramingReference.Of(framing).Format with { MaxMessageLength = MaxLength };
        var reference = new FramingReference(framing, MaxLength);
        for (int seed = 0; seed < s_rounds; seed++)
        {
            var random = new Random(seed);
            (byte[][] messages, byte[] stream) = Write(format, random);
            bool isTampered = Tamper(ref stream, random);
            (List<byte[]> expected, CloseReason reason) = reference.Read(stream);
            Assert.True(isTampered || expected.Count == messages.Length, $"Seed {seed}: the reference reads {expected.Count} messages.");
            (int Chunk, int Segment)[] cuts = [(1, 1), (2, 3), (3, 2), (1 + random.Next(20), 1 + random.Next(20)), (stream.Length + 1, int.MaxValue)];
            foreach ((int chunk, int segment) in cuts)
            {
                (List<byte[]> read, CloseReason refused) = Read(format, stream, chunk, segment);
                if (reason != refused || expected.Count != read.Count || !expected.Zip(read).All(pair => pair.First.SequenceEqual(pair.Second)))
                {
                    Assert.Fail($"Seed {seed}, {chunk} at a time, segments of {segment}: {read.Count} messages and {refused}, not {expected.Count} "
                        + $"and {reason}, of {Convert.ToHexString(stream)}");
                }
            }
        }
    }

    [Theory]
    [InlineData("Netstring", new byte[] { (byte)'9', (byte)'9', (byte)'9', (byte)'9', (byte)'9', (byte)'9', (byte)'9', (byte)':' })]
    [InlineData("Decimal", new byte[] { (byte)'9', (byte)'9', (byte)'9', (byte)'9', (byte)'9', (byte)'9', (byte)'9', (byte)' ' })]
    [InlineData("Length32", new byte[] { 0x20, 0, 0, 0 })]
    [InlineData("Length64LE", new byte[] { 0, 0, 0, 0x20, 0, 0, 0, 0 })]
    [InlineData("Varint", new byte[] { 0xFF, 0xFF, 0xFF, 0x7F })]
    [InlineData("Fixed:1000000000", new byte[] { 0 })]
    [InlineData("including itself", new byte[] { 1, 0x20, 0, 0, 0 })]
    public void Nothing_is_set_aside_for_a_message_that_is_only_announced(string framing, byte[] stream)
    {
        IFramer<byte[]> framer = (FramingReference.Of(framing).Format with { MaxMessageLength = 1 << 30 }).CreateFramer();
        var buffer = new ReadOnlySequence<byte>(stream);
        Assert.False(framer.TryRead(buffer, out _, out _));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(framer.TryRead(buffer, out _, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    private static (List<byte[]> Messages, CloseReason Reason) Read(DataFormat format, byte[] stream, int chunk, int segment)
    {
        var messages = new List<byte[]>();
        try
        {
            Sequences.Read(format.CreateFramer(), stream, chunk, segment, messages);
            return (messages, CloseReason.None);
        }
        catch (InvalidMessageException e)
        {
            return (messages, e.Reason);
        }
    }

    private static (byte[][] Messages, byte[] Stream) Write(DataFormat format, Random random)
    {
        byte[][] all = [.. Enumerable.Range(0, random.Next(5)).Select(_ => Message(format, random))];
        byte[][] messages = Array.FindAll(all, message => format.Refuse(message) is null);
        var output = new ArrayBufferWriter<byte>();
        foreach (byte[] message in messages)
            format.Write(output, message);
        return (messages, output.WrittenSpan.ToArray());
    }

    private static byte[] Message(DataFormat format, Random random)
    {
        int length = format is FixedFormat { Length: var set } ? set : random.Next(20) == 0 ? random.Next(MaxLength + 1) : random.Next(12);
        byte[] message = new byte[length];
        random.NextBytes(message);
        if (random.Next(2) == 0)
            random.GetItems<byte>(s_signs, message);
        return message;
    }

    /// <returns>Whether anything was done.</returns>
    private static bool Tamper(ref byte[] stream, Random random)
    {
        int times = random.Next(4);
        for (int i = 0; i < times; i++)
        {
            int at = random.Next(stream.Length + 1);
            byte[] before = stream[..at];
            byte[] after = stream[at..];
            byte[] added = new byte[1 + random.Next(random.Next(10) == 0 ? 400 : 4)];
            random.GetItems<byte>(s_signs, added);
            int cut = Math.Min(after.Length, 1 + random.Next(4));
            stream = random.Next(6) switch
            {
                0 => [.. before, .. after[cut..]],
                1 => [.. before, .. added, .. after],
                2 => [.. before, .. added, .. after[Math.Min(after.Length, added.Length)..]],
                3 => [.. before, .. Enumerable.Repeat(added[0], added.Length), .. after],
                4 => before,
                _ => [.. before, .. before[(at / 2)..], .. after],
            };
        }

        return times > 0;
    }
}
