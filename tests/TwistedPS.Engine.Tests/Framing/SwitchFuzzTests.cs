using System.Globalization;
using System.Text;

namespace TwistedPS.Tests;

/// <summary>
/// Streams that switch between lines and bytes, at random, with some of their bytes changed, and in small pieces. A connection
/// reads from them what a reader does that has each stream as a whole. SWITCH_FUZZ_ROUNDS says how many there are.
/// </summary>
public sealed class SwitchFuzzTests : IDisposable
{
    private static readonly int s_rounds =
        int.Parse(Environment.GetEnvironmentVariable("SWITCH_FUZZ_ROUNDS") ?? "300", CultureInfo.InvariantCulture);

    private static readonly int[] s_largestReads = [1, 2, 3, 5, 8, 13, 65536];

    private readonly MemoryRig _lines = new(format: SwitchingReader.LineFormat);

    public void Dispose() => _lines.Dispose();

    [Theory]
    [InlineData("b")]
    [InlineData("r")]
    [InlineData("br")]
    [InlineData("c")]
    [InlineData("bc")]
    [InlineData("rx")]
    [InlineData("brcxt")]
    public void Whatever_is_switched_to_is_read_as_from_the_whole_stream(string switches)
    {
        for (int seed = 0; seed < s_rounds; seed++)
        {
            var random = new Random(seed);
            byte[] stream = SwitchingReader.Mutate(SwitchingReader.Write(random, switches), random);
            string expected = SwitchingReader.Read(stream);
            string seen = Serve(stream, random);
            Assert.True(expected == seen, $"Seed {seed}: {Encoding.Latin1.GetString(stream)}\nexpected\n{expected}\nseen\n{seen}");
        }
    }

    private string Serve(byte[] stream, Random random)
    {
        var handler = new SwitchingReader();
        _lines.Do(() => _lines.Server.Replace(handler));
        long cutOff = _lines.Server.LinesCutOff;
        (Transport near, Transport far) = MemoryPair.Create(_lines.Reactor.Loop, s_largestReads[random.Next(s_largestReads.Length)]);
        _lines.Do(() => _lines.Server.Serve(near));
        using var peer = new MemoryPeer(_lines.Reactor, far);
        int first = random.Next(stream.Length + 1);
        peer.Send(stream.AsSpan(..first));
        peer.Send(stream.AsSpan(first..));
        peer.HalfClose();
        _lines.Until(() => handler.HasEnded);
        return handler.Told + (_lines.Server.LinesCutOff > cutOff ? "cut off" : "");
    }
}
