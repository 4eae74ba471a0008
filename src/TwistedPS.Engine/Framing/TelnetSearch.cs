using System.Text;

namespace TwistedPS.Engine.Framing;

/// <summary>
/// A search for LF, CRLF, or the CR NUL that telnet sends for Enter, past the commands of telnet. In encodings without
/// the byte that begins them only.
/// </summary>
internal sealed class TelnetSearch : ILineSearch
{
    private const int CodePageUtf8 = 65001;
    private const int CodePageAscii = 20127;
    private const byte CR = (byte)'\r';
    private const byte LF = (byte)'\n';
    private const byte Nul = 0;

    private int _searched;
    private bool _hasCommands;

    public static bool Fits(LineDelimiter delimiter, Encoding encoding) =>
        delimiter.AcceptsLfAlone && encoding.CodePage is CodePageUtf8 or CodePageAscii;

    public LineEnd? Find(ReadOnlySpan<byte> bytes)
    {
        while (Next(bytes) is var at and >= 0)
        {
            bool followsCR = at > 0 && bytes[at - 1] == CR;
            if (bytes[at] == LF || (bytes[at] == Nul && followsCR))
                return End(followsCR ? at - 1 : at, at + 1);
            if (!Skip(bytes, at))
                return null;
        }

        return null;
    }

    public void Reset() => (_searched, _hasCommands) = (0, false);

    public int Forget(ReadOnlySpan<byte> bytes)
    {
        // A CR and a NUL that follows are an end; a command that is not whole is still to be skipped.
        int forgotten = _searched > 0 && bytes[_searched - 1] == CR ? _searched - 1 : _searched;
        _searched -= forgotten;
        return forgotten;
    }

    public int LengthBegun(ReadOnlySpan<byte> bytes) => bytes is [.., CR] ? 1 : 0;

    public ReadOnlySpan<byte> CutOff(ReadOnlySpan<byte> rest) => rest[..^LengthBegun(rest)];

    /// <summary>Returns the offset of the next byte that may be an end or begin a command; -1 if there is none.</summary>
    private int Next(ReadOnlySpan<byte> bytes)
    {
        int found = bytes[_searched..].IndexOfAny(LF, Nul, TelnetCommands.Escape);
        int at = found < 0 ? -1 : _searched + found;
        _searched = at < 0 ? bytes.Length : at;
        return at;
    }

    /// <returns>False if a command is not whole.</returns>
    private bool Skip(ReadOnlySpan<byte> bytes, int at)
    {
        int? command = TelnetCommands.LengthAt(bytes[at..]);
        _hasCommands |= command > 0;
        if (command is null)
            return false;
        _searched = at + Math.Max(command.Value, 1);
        return true;
    }

    private LineEnd End(int length, int next)
    {
        var end = new LineEnd(length, next, _hasCommands);
        Reset();
        return end;
    }
}
