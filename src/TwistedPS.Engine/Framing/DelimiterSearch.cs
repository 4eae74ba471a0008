using System.Text;

namespace TwistedPS.Engine.Framing;

/// <summary>A search for a delimiter.</summary>
internal sealed class DelimiterSearch(LineDelimiter delimiter, Encoding encoding) : ILineSearch
{
    private readonly EncodedDelimiter _end = new(delimiter.AcceptsLfAlone ? "\n" : delimiter.Text, encoding);
    private readonly byte[] _dropped = delimiter.AcceptsLfAlone ? encoding.GetBytes("\r") : [];
    private int _searched;

    public LineEnd? Find(ReadOnlySpan<byte> bytes)
    {
        int at = _end.IndexIn(bytes, _searched);
        _searched = at < 0 ? Math.Max(0, bytes.Length - (_end.Length - 1)) : 0;
        return at < 0 ? null : new LineEnd(CutOff(bytes[..at]).Length, at + _end.Length);
    }

    public void Reset() => _searched = 0;

    public int Forget(ReadOnlySpan<byte> bytes)
    {
        int forgotten = _searched - (_searched % _end.UnitLength);
        _searched -= forgotten;
        return forgotten;
    }

    public int LengthBegun(ReadOnlySpan<byte> bytes) =>
        _dropped.Length > 0 && bytes.EndsWith(_dropped) ? _dropped.Length : _end.LengthBegun(bytes);

    public ReadOnlySpan<byte> CutOff(ReadOnlySpan<byte> rest) => rest.EndsWith(_dropped) ? rest[..^_dropped.Length] : rest;
}
