using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using TwistedPS.Engine.Framing;

namespace TwistedPS;

/// <summary>
/// The framing of byte messages on the wire: a name, or the description of a header that has a length in it. What is sent is
/// framed as what is received.
/// </summary>
public sealed class DataFraming
{
    private const int Longest = 1 << 30;

    /// <summary>
    /// Creates one of messages with a header that has their length in it (Netty's <c>LengthFieldBasedFrameDecoder</c>). A message
    /// is the whole frame, and the length in it is written when it is sent.
    /// </summary>
    /// <param name="description">
    /// <c>Length</c>, the size of the length in bytes, 1 to 8, which is needed, or <c>Varint</c>, whose length is left out of the
    /// message and goes with an offset only; <c>Offset</c>, the number of bytes before it;
    /// <c>LittleEndian</c>, whether its low byte comes first; <c>Includes</c>, what it counts besides the bytes after it:
    /// <c>Nothing</c>, the <c>Length</c> itself, or all of the <c>Header</c> to its end; or instead <c>Adjustment</c>, the number
    /// to add to it to get the number of bytes after it; <c>Strip</c>, the number of bytes at the beginning that are left out of
    /// the message, and are sent as zeros but for the length.
    /// </param>
    /// <exception cref="ArgumentException">The description is incomplete, or contradicts itself.</exception>
    public DataFraming(IDictionary description)
    {
        var read = new LengthDescription(description);
        (Name, Format) = (read.ToString(), read.ToFormat());
    }

    private DataFraming(string text, DataFormat format) => (Name, Format) = (text, format);

    /// <summary>None: a message is the data of one read (Twisted's <c>Protocol.dataReceived</c>).</summary>
    public static DataFraming Raw { get; } = new(nameof(Raw), new RawFormat());

    /// <summary>The length in decimal digits, a colon, the bytes, a comma (<c>NetstringReceiver</c>).</summary>
    public static DataFraming Netstring { get; } = new(nameof(Netstring), new NetstringFormat());

    /// <summary>A one-byte length, then the bytes (<c>Int8StringReceiver</c>).</summary>
    public static DataFraming Length8 { get; } = new(nameof(Length8), new LengthFormat(1));

    /// <summary>A two-byte length, high byte first, then the bytes (<c>Int16StringReceiver</c>).</summary>
    public static DataFraming Length16 { get; } = new(nameof(Length16), new LengthFormat(2));

    /// <summary>A four-byte length, high byte first, then the bytes (<c>Int32StringReceiver</c>).</summary>
    public static DataFraming Length32 { get; } = new(nameof(Length32), new LengthFormat(4));

    /// <summary>An eight-byte length, high byte first, then the bytes.</summary>
    public static DataFraming Length64 { get; } = new(nameof(Length64), new LengthFormat(8));

    /// <summary>A two-byte length, low byte first, then the bytes.</summary>
    public static DataFraming Length16LE { get; } = new(nameof(Length16LE), new LengthFormat(2) { IsLittleEndian = true });

    /// <summary>A four-byte length, low byte first, then the bytes.</summary>
    public static DataFraming Length32LE { get; } = new(nameof(Length32LE), new LengthFormat(4) { IsLittleEndian = true });

    /// <summary>An eight-byte length, low byte first, then the bytes.</summary>
    public static DataFraming Length64LE { get; } = new(nameof(Length64LE), new LengthFormat(8) { IsLittleEndian = true });

    /// <summary>The length as an unsigned varint, as protobuf writes it, then the bytes.</summary>
    public static DataFraming Varint { get; } = new(nameof(Varint), new VarintFormat());

    /// <summary>The length in decimal digits, a space, the bytes: the octet counting of syslog over TCP (RFC 6587).</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "It is the name of the framing, and has nothing to do with the type.")]
    public static DataFraming Decimal { get; } = new(nameof(Decimal), new DecimalFormat());

    /// <summary>A line of JSON in UTF-8; handlers get it as ConvertFrom-Json does.</summary>
    public static DataFraming Json { get; } = new(nameof(Json), new JsonFormat(AsHashtables: false));

    /// <summary>The same, and handlers get hashtables in place of objects, as with ConvertFrom-Json -AsHashtable.</summary>
    public static DataFraming JsonHashtable { get; } = new("Json:AsHashtable", new JsonFormat(AsHashtables: true));

    /// <summary>The text that <see cref="Parse"/> understands, or the description as it is written in PowerShell.</summary>
    public string Name { get; }

    /// <summary>The wire format, with its defaults.</summary>
    internal DataFormat Format { get; }

    private static DataFraming[] Named { get; } =
    [
        Raw, Netstring, Length8, Length16, Length32, Length64, Length16LE, Length32LE, Length64LE, Varint, Decimal, Json, JsonHashtable,
    ];

    /// <summary>
    /// Parses a name in any case: that of a property of this class; <c>Json:AsHashtable</c>; <c>Fixed:128</c> for messages that
    /// all have that many bytes; or <c>Until:</c> and what ends a message: <c>LF</c>, <c>CRLF</c>, <c>CR</c>, <c>NUL</c>, or any
    /// text, with escapes such as <c>\0</c> or <c>\xFF</c> for bytes.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such framing.</exception>
    public static DataFraming Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        if (Array.Find(Named, framing => framing.Name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } named)
            return named;
        string[] parts = text.Split(':', 2);
        return (parts[0].ToUpperInvariant(), parts.ElementAtOrDefault(1)) switch
        {
            ("FIXED", var length) => Fixed(length),
            ("UNTIL", var delimiter) => Until(delimiter),
            _ => throw new ArgumentException(
                $"There is no framing '{text}'. There are {string.Join(", ", Named.Select(framing => framing.Name))}, "
                + @"Fixed:128 and the like, Until:\0 and the like, and tables such as @{ Length = 2; Offset = 4 }."),
        };
    }

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;

    private static DataFraming Fixed(string? length) =>
        int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= Longest
            ? new DataFraming($"Fixed:{number}", new FixedFormat(number))
            : throw new ArgumentException($"'{length}' is no length of a message: Fixed: needs a number from 1 to {Longest}, such as Fixed:128.");

    private static DataFraming Until(string? delimiter)
    {
        if (string.IsNullOrEmpty(delimiter))
            throw new ArgumentException(@"Until: needs what ends a message, such as Until:\0 or Until:CRLF.");
        byte[] bytes = Escapes.ToBytes(LineDelimiter.Named(delimiter)?.Text ?? delimiter);
        return new DataFraming($"Until:{Escapes.Write(bytes)}", new UntilFormat(new EncodedDelimiter(bytes)));
    }
}
