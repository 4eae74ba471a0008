namespace TwistedPS.Engine.Addresses;

/// <summary>The modes of files, as people write them.</summary>
internal static class FileModes
{
    private const int Most = 0x1FF;

    /// <summary>Parses an octal mode, such as 660.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static UnixFileMode Parse(string text)
    {
        int mode = 0;
        foreach (char digit in text)
            mode = digit is >= '0' and <= '7' && mode <= Most ? (mode * 8) + (digit - '0') : Most + 1;
        return text.Length > 0 && mode <= Most
            ? (UnixFileMode)mode
            : throw new FormatException($"the mode '{text}' is not octal, such as 660");
    }
}
