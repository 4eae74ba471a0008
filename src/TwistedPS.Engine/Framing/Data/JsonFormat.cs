using System.Text;

namespace TwistedPS.Engine.Framing;

/// <summary>
/// The format of JSON lines: see <see cref="DataFraming.Json"/>. A message is the text of a line; objects are for those who
/// know them.
/// </summary>
/// <param name="AsHashtables">Whether handlers get objects as hashtables.</param>
internal sealed record JsonFormat(bool AsHashtables) : UntilFormat(new EncodedDelimiter([(byte)'\n']))
{
    /// <summary>The conversion of a value to a line.</summary>
    public Func<object?, byte[]> ToLine { get; init; } = value => RawOutput.Encode(value, Encoding.UTF8);

    public override byte[] ToMessage(object? value) => ToLine(value);
}
