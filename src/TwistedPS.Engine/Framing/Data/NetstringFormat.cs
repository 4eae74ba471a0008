namespace TwistedPS.Engine.Framing;

/// <summary>The format of bytes between their length and a comma: see <see cref="DataFraming.Netstring"/>.</summary>
internal sealed record NetstringFormat() : DigitsFormat((byte)':', "a netstring")
{
    private protected override ReadOnlySpan<byte> Trailer => ","u8;

    private protected override InvalidMessageException? Malformed(ReadOnlySpan<byte> frame) =>
        frame.EndsWith(Trailer) ? null : Not("a comma is missing at its end");
}
