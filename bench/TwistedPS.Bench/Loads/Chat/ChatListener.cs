using System.Text;

namespace TwistedPS.Bench;

/// <summary>
/// A check of what one client hears, however split: each line of each talker once, in the talker's order. The lines of
/// several talkers are in no order.
/// </summary>
/// <param name="lines">What is said.</param>
internal sealed class ChatListener(ChatLines lines)
{
    private readonly int[] _next = new int[lines.Talkers];
    private byte[]? _line;
    private int _offset;

    /// <param name="received">The next bytes of the connection.</param>
    /// <param name="heard">Called with the talker and the number of each line that is complete.</param>
    /// <exception cref="WrongReplyException">A byte differs, a line is missing, or one has come twice.</exception>
    public void Check(ReadOnlySpan<byte> received, Action<int, int> heard)
    {
        while (!received.IsEmpty)
        {
            int talker = (_line is null ? received[0] : _line[0]) - '0';
            _line ??= lines.Expect(talker, talker >= 0 && talker < _next.Length ? _next[talker] : 0);
            ReadOnlySpan<byte> rest = _line.AsSpan(_offset);
            int count = Math.Min(rest.Length, received.Length);
            if (!received[..count].SequenceEqual(rest[..count]))
                throw new WrongReplyException($"Instead of '{Show(rest)}' came '{Show(received[..count])}'.");
            received = received[count..];
            _offset += count;
            if (_offset < _line.Length)
                return;
            _line = null;
            _offset = 0;
            heard(talker, _next[talker]++);
        }
    }

    private static string Show(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes).TrimEnd();
}
