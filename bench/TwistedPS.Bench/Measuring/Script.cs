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

    public Script(IReadOnlyCollection<(string Request, string Reply)> lines)
    {
        Count = lines.Count;
        (_requests, _requestStarts) = Lay(lines.Select(line => line.Request));
        (_replies, _replyStarts) = Lay(lines.Select(line => line.Reply));
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
    private static (byte[] Bytes, int[] Starts) Lay(IEnumerable<string> lines)
    {
        byte[][] encoded = lines.Select(line => Encoding.ASCII.GetBytes(line + "\r\n")).ToArray();
        byte[][] twice = [.. encoded, .. encoded];
        var starts = new int[twice.Length + 1];
        for (int i = 0; i < twice.Length; i++)
            starts[i + 1] = starts[i] + twice[i].Length;
        return (twice.SelectMany(line => line).ToArray(), starts);
    }
}
