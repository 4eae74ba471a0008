using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TwistedPS.Bench.Pipelines;

/// <summary>The handler that does work.</summary>
internal static partial class Commands
{
    public static byte[] Answer(ReadOnlySequence<byte> line) =>
        Encoding.UTF8.GetBytes(Answer(Encoding.UTF8.GetString(line)));

    private static string Answer(string line)
    {
        if (Add().Match(line) is { Success: true } add)
            return (Number(add.Groups[1]) + Number(add.Groups[2])).ToString(CultureInfo.InvariantCulture);
        if (Upper().Match(line) is { Success: true } upper)
            return upper.Groups[1].Value.ToUpperInvariant();
        if (Length().Match(line) is { Success: true } length)
            return length.Groups[1].Length.ToString(CultureInfo.InvariantCulture);
        return Echo().Match(line) is { Success: true } echo ? echo.Groups[1].Value : "ERR unknown command";
    }

    private static int Number(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^ADD (\d+) (\d+)$")]
    private static partial Regex Add();

    [GeneratedRegex("^UPPER (.+)$")]
    private static partial Regex Upper();

    [GeneratedRegex("^LEN (.+)$")]
    private static partial Regex Length();

    [GeneratedRegex("^ECHO (.+)$")]
    private static partial Regex Echo();
}
