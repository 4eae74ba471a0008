namespace TwistedPS.Engine.Framing;

/// <summary>The format of bytes after their length and a space: see <see cref="DataFraming.Decimal"/>.</summary>
internal sealed record DecimalFormat() : DigitsFormat((byte)' ', "a message with its length in digits and a space before it");
