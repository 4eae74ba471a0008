using System.Buffers;

namespace TwistedPS.Engine.Framing;

/// <summary>The commands that telnet sends among the text (RFC 854).</summary>
internal static class TelnetCommands
{
    /// <summary>The first byte of every command.</summary>
    public const byte Escape = 255;

    private const byte EndOfOptions = 240;
    private const byte BeginOfOptions = 250;
    private const byte Will = 251;
    private const byte Dont = 254;

    /// <summary>Returns the length of the command that bytes begin with; 0 for none, null if it is not whole.</summary>
    public static int? LengthAt(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [not Escape, ..] => 0,
        [_] or [] => null,
        [_, < EndOfOptions or Escape, ..] => 0,
        [_, BeginOfOptions, ..] => LengthOfOptions(bytes),
        [_, >= Will and <= Dont] => null,
        [_, >= Will and <= Dont, ..] => 3,
        _ => 2,
    };

    /// <summary>Returns text without the commands in it.</summary>
    public static ReadOnlySpan<byte> Remove(ReadOnlySpan<byte> text)
    {
        var kept = new ArrayBufferWriter<byte>(text.Length + 1);
        while (!text.IsEmpty)
        {
            int length = LengthAt(text) ?? text.Length;
            if (length == 0)
                kept.Write(text[..1]);
            text = text[Math.Max(length, 1)..];
        }

        return kept.WrittenSpan;
    }

    private static int? LengthOfOptions(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf([Escape, EndOfOptions]);
        return end < 0 ? null : end + 2;
    }
}
