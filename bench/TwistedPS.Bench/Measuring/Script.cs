using System.Buffers.Binary;
using System.Text;

namespace TwistedPS.Bench;

/// <summary>
/// The lines that a connection sends, over and over, and the expected replies. Connections begin at different lines, so that
/// a reply to the wrong connection is noticed.
/// </summary>
internal sealed class Script
{
    private readonly byte[] _requests;
    private readonly byte[] _replies;
    private readonly int[] _requestStarts;
    private readonly int[] _replyStarts;

    /// <param name="lines">The lines and their replies.</param>
    /// <param name="isFramed">Whether a length goes before them, and not a line break after them.</param>
    /// <param name="lineEnd">The line break.</param>
    public Script(IReadOnlyCollection<(string Request, string Reply)> lines, bool isFramed = false, string lineEnd = "\r\n")
    {
        Count = lines.Count;
        (_requests, _requestStarts) = Lay(lines.Select(line => Encode(line.Request, isFramed, lineEnd)));
        (_replies, _replyStarts) = Lay(lines.Select(line => Encode(line.Reply, isFramed, lineEnd)));
    }

    /// <summary>What a server sends to whoever connects.</summary>
    public byte[] Greeting { get; init; } = [];

    /// <summary>Returns the bytes of a line, or of a message after its length in four bytes.</summary>
    public static byte[] Encode(string text, bool isFramed, string lineEnd = "\r\n")
    {
        if (!isFramed)
            return Encoding.ASCII.GetBytes(text + lineEnd);
        byte[] length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, text.Length);
        return [.. length, .. Encoding.ASCII.GetBytes(text)];
    }

    public int Count { get; }

    public int ReplyLength => _replyStarts[Count];

    /// <summary>Returns the start of a line's reply; numbers past the last line continue in the next round.</summary>
    public int ReplyStart(int line) => _replyStarts[line];

    /// <summary>Returns the bytes of consecutive lines, at most one round.</summary>
    public ReadOnlySpan<byte> Requests(int first, int count) =>
        _requests.AsSpan(_requestStarts[first].._requestStarts[first + count]);

    /// <summary>Two rounds of replies.</summary>
    public ReadOnlySpan<byte> Replies => _replies;

    /// <summary>Lays out two rounds, so that a round from any line is contiguous.</summary>
    private static (byte[] Bytes, int[] Starts) Lay(IEnumerable<byte[]> lines)
    {
        byte[][] encoded = lines.ToArray();
        byte[][] twice = [.. encoded, .. encoded];
        var starts = new int[twice.Length + 1];
        for (int i = 0; i < twice.Length; i++)
            starts[i + 1] = starts[i] + twice[i].Length;
        return (twice.SelectMany(line => line).ToArray(), starts);
    }
}
