using System.Buffers;
using System.Globalization;
using System.Text;

namespace TwistedPS.Tests;

/// <summary>
/// Streams of framed messages that switch to a number of bytes, at random, with some of their bytes changed, and in small pieces. A
/// connection reads from them what a framer does that has each stream as a whole. SWITCH_FUZZ_ROUNDS says how many there are.
/// </summary>
public sealed class DataSwitchFuzzTests
{
    private static readonly int s_rounds =
        int.Parse(Environment.GetEnvironmentVariable("SWITCH_FUZZ_ROUNDS") ?? "300", CultureInfo.InvariantCulture);

    private static readonly int[] s_largestReads = [1, 2, 3, 5, 8, 13, 65536];

    [Theory]
    [InlineData("Netstring")]
    [InlineData("Length8")]
    [InlineData("Length16")]
    [InlineData("Length32")]
    [InlineData("Varint")]
    [InlineData("Decimal")]
    [InlineData("Until:CRLF")]
    [InlineData("Raw")]
    public void Whatever_is_switched_to_is_read_as_from_the_whole_stream(string name)
    {
        var framing = DataFraming.Parse(name);
        using var rig = new MemoryRig();
        for (int seed = 0; seed < s_rounds; seed++)
        {
            var random = new Random(seed);
            byte[] stream = SwitchingReader.Mutate(Write(framing, random), random);
            string expected = Read(framing, stream);
            string seen = Serve(rig, framing, stream, random);
            Assert.True(expected == seen, $"Seed {seed}: {Encoding.Latin1.GetString(stream)}\nexpected\n{expected}\nseen\n{seen}");
        }
    }

    /// <summary>Returns the number of bytes that a message asks for; null for none.</summary>
    private static int? CountIn(byte[] message) => message is [(byte)'b', var count, ..] ? count % 16 : null;

    private static byte[] Write(DataFraming framing, Random random)
    {
        var output = new ArrayBufferWriter<byte>();
        DataFormat format = framing.Format;
        for (int i = random.Next(1, 8); i > 0; i--)
        {
            var message = new byte[random.Next(6)];
            random.NextBytes(message);
            if (message.Length > 1 && random.Next(2) == 0)
                message[0] = (byte)'b';
            if (format.Refuse(message) is not null)
                continue;
            format.Write(output, message);
            var more = new byte[CountIn(message) ?? 0];
            random.NextBytes(more);
            output.Write(more);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads a whole stream. What is raw begins with a number of bytes, and is one message then.</summary>
    private static string Read(DataFraming framing, byte[] stream)
    {
        var told = new StringBuilder();
        DataFormat format = framing.Format;
        int? next = framing == DataFraming.Raw ? 7 : null;
        int at = 0;
        while (at < stream.Length || next == 0)
        {
            byte[] message;
            int length;
            if (next is { } count)
            {
                length = count;
                if (stream.Length - at < length)
                    return told + "cut off";
                message = stream[at..(at + length)];
            }
            else
            {
                try
                {
                    var rest = new ReadOnlySequence<byte>(stream, at, stream.Length - at);
                    if (!format.CreateFramer().TryRead(rest, out SequencePosition end, out message))
                        return told + "cut off";
                    length = (int)rest.Slice(0, end).Length;
                }
                catch (InvalidMessageException e)
                {
                    return told.Append(e.Reason).ToString();
                }
            }

            at += length;
            told.Append(Convert.ToHexString(message)).Append(framing == DataFraming.Raw ? "" : "\n");
            next = framing == DataFraming.Raw ? null : CountIn(message);
        }

        return told.ToString();
    }

    private static string Serve(MemoryRig rig, DataFraming framing, byte[] stream, Random random)
    {
        var told = new StringBuilder();
        var handler = new DataHandler
        {
            OnConnect = connection =>
            {
                if (framing == DataFraming.Raw)
                    connection.ReadBytes(7);
            },
            OnData = (connection, message) =>
            {
                told.Append(Convert.ToHexString(message)).Append(framing == DataFraming.Raw ? "" : "\n");
                if (framing != DataFraming.Raw && CountIn(message) is { } count)
                    connection.ReadBytes(count);
            },
        };
        var server = new DataServer(rig.Reactor, new ServerOptions(), framing.Format, handler);
        rig.Do(server.Start);
        (Transport near, Transport far) = MemoryPair.Create(rig.Reactor.Loop, s_largestReads[random.Next(s_largestReads.Length)]);
        rig.Do(() => server.Serve(near));
        using var peer = new MemoryPeer(rig.Reactor, far);
        int first = random.Next(stream.Length + 1);
        peer.Send(stream.AsSpan(..first));
        if (far.Output is not null)
            peer.Send(stream.AsSpan(first..));
        peer.HalfClose();
        peer.Close();
        rig.Until(() => handler.Has($"disconnect 0: {CloseReason.Done}") || server.InvalidMessages + server.MessagesTooLong > 0);
        rig.Do(server.Dispose);
        string end = server.MessagesCutOff > 0 ? "cut off"
            : server.InvalidMessages > 0 ? $"{CloseReason.InvalidMessage}"
            : server.MessagesTooLong > 0 ? $"{CloseReason.MessageTooLong}" : "";
        return told + end;
    }
}
