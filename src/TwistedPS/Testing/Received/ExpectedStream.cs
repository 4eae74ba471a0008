using System.Text;
using TwistedPS.Engine.Framing;
using TwistedPS.Scripting;

namespace TwistedPS.Testing;

/// <summary>Bytes that are expected in a stream, however it was cut: as the next ones, or anywhere.</summary>
internal sealed class ExpectedStream : IExpectation
{
    private readonly byte[] _expected;
    private readonly bool _amongOthers;
    private readonly Encoding _encoding;

    /// <param name="expected">The parts, as text or bytes.</param>
    /// <param name="amongOthers">Whether there may be others before.</param>
    /// <param name="encoding">The encoding of text.</param>
    public ExpectedStream(object[] expected, bool amongOthers, Encoding encoding)
    {
        _expected = DataParts.BytesOf(expected) is { Length: > 0 } bytes
            ? bytes
            : [.. expected.SelectMany(part => DataParts.BytesOf(part) ?? RawOutput.Encode(part, encoding))];
        (_amongOthers, _encoding) = (amongOthers, encoding);
    }

    public string Description => _expected.Length == 0 ? "data" : $"the data {ShownMessage.Of(_expected, _encoding)}";

    public bool IsPlural => false;

    public bool? IsMet(List<object> received)
    {
        byte[] all = Join(received);
        if (_expected.Length == 0)
            return all.Length > 0 ? true : null;
        if (Find(all) >= 0)
            return true;
        return !_amongOthers && all.AsSpan().CommonPrefixLength(_expected) < Math.Min(all.Length, _expected.Length) ? false : null;
    }

    public IEnumerable<object> Others(List<object> received)
    {
        byte[] all = Join(received);
        int at = Find(all);
        byte[] left = [.. all[..at], .. all[(at + _expected.Length)..]];
        return left.Length == 0 ? [] : [left];
    }

    public string? Difference(List<object> received, Encoding encoding)
    {
        byte[] all = Join(received);
        if (all.Length == 0)
            return null;
        int same = all.AsSpan().CommonPrefixLength(_expected);
        string came = $"{ShownMessage.Of(all, encoding)} came";
        return _amongOthers || same == 0 ? came
            : same == all.Length ? $"only {came}"
            : $"{came}, which differs at byte {same}";
    }

    private static byte[] Join(List<object> received) => [.. received.OfType<byte[]>().SelectMany(part => part)];

    private int Find(byte[] all) => _amongOthers ? all.AsSpan().IndexOf(_expected) : all.AsSpan().StartsWith(_expected) ? 0 : -1;
}
