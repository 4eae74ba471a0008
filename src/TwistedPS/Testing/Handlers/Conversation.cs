using System.Buffers;

namespace TwistedPS.Testing;

/// <summary>What a peer sends to a server: its bytes, and where each message ends.</summary>
internal sealed class Conversation
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly List<int> _ends = [];

    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    public int Length => _bytes.WrittenCount;

    /// <summary>The number of bytes up to the end of each message that has any.</summary>
    public IReadOnlyList<int> Ends => _ends;

    /// <summary>Adds a message.</summary>
    public void Add(Action<IBufferWriter<byte>> write)
    {
        int before = Length;
        write(_bytes);
        if (Length > before)
            _ends.Add(Length);
    }

    /// <summary>Returns the segments of which a variation consists.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> SegmentsOf(HandlerVariation variation, int bytes)
    {
        int end = variation is HandlerVariation.HalfClose or HandlerVariation.Reset ? bytes : Length;
        IEnumerable<int> cuts = variation == HandlerVariation.Segments
            ? Enumerable.Range(1, Length / bytes).Select(number => number * bytes)
            : _ends;
        int start = 0;
        foreach (int cut in cuts.Append(end).Select(cut => Math.Min(cut, end)))
        {
            if (cut > start)
                yield return Bytes[start..cut];
            start = Math.Max(start, cut);
        }
    }
}
