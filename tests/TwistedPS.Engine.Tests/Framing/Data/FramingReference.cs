using System.Globalization;
using System.Numerics;

namespace TwistedPS.Tests;

/// <summary>The reading of a whole stream at once, by other means than those of the formats.</summary>
/// <param name="Framing">The framing.</param>
/// <param name="MaxLength">The longest message.</param>
internal sealed record FramingReference(string Framing, int MaxLength)
{
    private const string AfterByte = "after a byte";

    /// <summary>Tables by the names that tests give them.</summary>
    public static Dictionary<string, Dictionary<string, object>> Tables { get; } = new()
    {
        ["whole"] = new() { ["Length"] = 2, ["Offset"] = 1 },
        ["including itself"] = new() { ["Length"] = 4, ["Offset"] = 1, ["Includes"] = "Length" },
        ["including all"] = new() { ["Length"] = 3, ["Includes"] = "Header", ["LittleEndian"] = true },
        ["less than the header"] = new() { ["Length"] = 1, ["Adjustment"] = 3 },
        [AfterByte] = new() { ["Length"] = "Varint", ["Offset"] = 1 },
        ["stripped"] = new() { ["Length"] = 8, ["Offset"] = 2, ["Adjustment"] = -1, ["Strip"] = 12 },
    };

    public static DataFraming Of(string framing) => Tables.TryGetValue(framing, out var table) ? new(table) : DataFraming.Parse(framing);

    /// <summary>Returns the messages, and the reason why there are no more; none where the rest is only unfinished.</summary>
    public (List<byte[]> Messages, CloseReason Reason) Read(byte[] stream)
    {
        var messages = new List<byte[]>();
        byte[] rest = stream;
        while (true)
        {
            (BigInteger start, BigInteger end, BigInteger next, CloseReason reason) = Framing switch
            {
                "Netstring" => Digits(rest, ':', 1),
                "Decimal" => Digits(rest, ' ', 0),
                "Varint" => Varint(rest, 0),
                AfterByte => Varint(rest, 1),
                _ when Framing.StartsWith("Fixed:", StringComparison.Ordinal) => (0, 7, 7, CloseReason.None),
                _ when Framing.StartsWith("Until:", StringComparison.Ordinal) || Framing == "Json" => Until(rest),
                _ => Header(rest),
            };
            if (reason != CloseReason.None)
                return (messages, reason);
            if (next < 0 || next > rest.Length)
                return (messages, CloseReason.None);
            if (Framing == "Netstring" && rest[(int)next - 1] != ',')
                return (messages, CloseReason.InvalidMessage);
            messages.Add(Framing == AfterByte ? [rest[0], .. rest[(int)start..(int)end]] : rest[(int)start..(int)end]);
            rest = rest[(int)next..];
        }
    }

    private static (BigInteger Start, BigInteger End, BigInteger Next, CloseReason Reason) Unfinished => (0, 0, -1, CloseReason.None);

    private (BigInteger Start, BigInteger End, BigInteger Next, CloseReason Reason) Found(BigInteger start, BigInteger length, int trailer) => length > MaxLength
        ? (0, 0, 0, CloseReason.MessageTooLong)
        : (start, start + length, start + length + trailer, CloseReason.None);

    private (BigInteger Start, BigInteger End, BigInteger Next, CloseReason Reason) Digits(byte[] rest, char after, int trailer)
    {
        string digits = "";
        foreach (char one in rest.Select(one => (char)one))
        {
            if (one == after && digits.Length > 0)
                return Found(digits.Length + 1, BigInteger.Parse(digits, CultureInfo.InvariantCulture), trailer);
            digits += one;
            if (one is < '0' or > '9' || digits is ['0', _, ..])
                return (0, 0, 0, CloseReason.InvalidMessage);
            if (BigInteger.Parse(digits, CultureInfo.InvariantCulture) > MaxLength)
                return (0, 0, 0, CloseReason.MessageTooLong);
        }

        return Unfinished;
    }

    private (BigInteger Start, BigInteger End, BigInteger Next, CloseReason Reason) Varint(byte[] rest, int offset)
    {
        BigInteger length = 0;
        for (int i = 0; offset + i < rest.Length; i++)
        {
            byte next = rest[offset + i];
            length += (next % 128) * BigInteger.Pow(128, i);
            if (offset + length > MaxLength)
                return (0, 0, 0, CloseReason.MessageTooLong);
            if (next < 128)
                return Found(offset + i + 1, length, 0);
            if (i == 9)
                return (0, 0, 0, CloseReason.InvalidMessage);
        }

        return Unfinished;
    }

    private (BigInteger Start, BigInteger End, BigInteger Next, CloseReason Reason) Until(byte[] rest)
    {
        string delimiter = Framing switch
        {
            "Until:CRLF" => "\r\n",
            @"Until:\0" => "\0",
            "Json" => "\n",
            _ => Framing["Until:".Length..],
        };
        string text = string.Concat(rest.Select(one => (char)one));
        int at = text.IndexOf(delimiter, StringComparison.Ordinal);
        if (at >= 0)
            return Found(0, at, delimiter.Length);
        int begun = Enumerable.Range(0, delimiter.Length).Last(length => text.EndsWith(delimiter[..length], StringComparison.Ordinal));
        return text.Length - begun > MaxLength ? (0, 0, 0, CloseReason.MessageTooLong) : Unfinished;
    }

    private (BigInteger Start, BigInteger End, BigInteger Next, CloseReason Reason) Header(byte[] rest)
    {
        Dictionary<string, object> table = Tables.GetValueOrDefault(Framing) ?? Named();
        int size = (int)table["Length"];
        int offset = (int)table.GetValueOrDefault("Offset", 0);
        int strip = (int)table.GetValueOrDefault("Strip", 0);
        if (rest.Length < offset + size)
            return Unfinished;
        var length = new BigInteger(rest.AsSpan(offset, size), isUnsigned: true, isBigEndian: !table.ContainsKey("LittleEndian"));
        BigInteger end = table.GetValueOrDefault("Includes") switch
        {
            "Length" => offset + length,
            "Header" => length,
            _ => offset + size + length + (int)table.GetValueOrDefault("Adjustment", 0),
        };
        return end < offset + size || end < strip ? (0, 0, 0, CloseReason.InvalidMessage) : Found(strip, end - strip, 0);
    }

    private Dictionary<string, object> Named()
    {
        int size = int.Parse(Framing.TrimEnd('L', 'E')["Length".Length..], CultureInfo.InvariantCulture) / 8;
        var table = new Dictionary<string, object> { ["Length"] = size, ["Strip"] = size };
        if (Framing.EndsWith("LE", StringComparison.Ordinal))
            table["LittleEndian"] = true;
        return table;
    }
}
