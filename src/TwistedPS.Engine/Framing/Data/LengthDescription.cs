using System.Collections;
using System.Globalization;

namespace TwistedPS.Engine.Framing;

/// <summary>The description of a header that has a length in it, as a table.</summary>
internal sealed class LengthDescription
{
    private const int Most = ushort.MaxValue;
    private const string Length = "Length";
    private const string Offset = "Offset";
    private const string LittleEndian = "LittleEndian";
    private const string Includes = "Includes";
    private const string Adjustment = "Adjustment";
    private const string Strip = "Strip";
    private const string Varint = "Varint";

    private static readonly string[] s_keys = [Length, Offset, LittleEndian, Includes, Adjustment, Strip];

    private readonly Dictionary<string, string> _given = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="ArgumentException">There is no such key.</exception>
    public LengthDescription(IDictionary table)
    {
        ArgumentNullException.ThrowIfNull(table);
        foreach (DictionaryEntry entry in table)
        {
            string key = Array.Find(s_keys, key => key.Equals($"{entry.Key}", StringComparison.OrdinalIgnoreCase))
                ?? throw new ArgumentException($"The description of a framing has no '{entry.Key}', but {string.Join(", ", s_keys)}.");
            if (!_given.TryAdd(key, Convert.ToString(entry.Value, CultureInfo.InvariantCulture) ?? ""))
                throw new ArgumentException($"The description of a framing has {key} twice.");
        }
    }

    /// <exception cref="ArgumentException">The description is incomplete, or contradicts itself.</exception>
    public DataFormat ToFormat() => IsVarint ? ToVarintFormat() : ToLengthFormat();

    /// <summary>Returns the description as PowerShell writes it.</summary>
    public override string ToString() =>
        $"@{{ {string.Join("; ", s_keys.Where(_given.ContainsKey).Select(key => $"{key} = {Written(key)}"))} }}";

    private bool IsVarint => Varint.Equals(_given.GetValueOrDefault(Length), StringComparison.OrdinalIgnoreCase);

    private VarintFormat ToVarintFormat() => _given.Keys.FirstOrDefault(key => key is not (Length or Offset)) is { } other
        ? throw new ArgumentException($"Length = '{Varint}' goes with Offset only: {other} is for a length whose size is fixed.")
        : new VarintFormat { Offset = Number(Offset, 0, Most) ?? 0 };

    private LengthFormat ToLengthFormat()
    {
        int size = Number(Length, 1, sizeof(long))
            ?? throw new ArgumentException("The description of a framing needs Length, the size of the length in bytes, such as @{ Length = 2 }.");
        int offset = Number(Offset, 0, Most) ?? 0;
        int strip = Number(Strip, 0, Most) ?? 0;
        if (strip > offset && strip < offset + size)
            throw new ArgumentException($"Strip = {strip} would leave a part of the length, which has {size} bytes after {offset} others.");
        if (_given.ContainsKey(Includes) && _given.ContainsKey(Adjustment))
            throw new ArgumentException("Includes and Adjustment both say what the length counts: leave one of them out.");
        return new LengthFormat(size)
        {
            Offset = offset,
            IsLittleEndian = Flag(LittleEndian),
            Adjustment = Number(Adjustment, -Most, Most) ?? -Included(offset, size),
            Strip = strip,
        };
    }

    private string Written(string key) => key switch
    {
        Length when IsVarint => $"'{Varint}'",
        LittleEndian => $"${_given[key]}".ToLowerInvariant(),
        Includes => $"'{_given[key]}'",
        _ => _given[key],
    };

    /// <summary>Returns the number of bytes that the length counts besides those after it.</summary>
    private int Included(int offset, int size) => _given.GetValueOrDefault(Includes)?.ToUpperInvariant() switch
    {
        null or "NOTHING" => 0,
        "LENGTH" => size,
        "HEADER" => offset + size,
        _ => throw new ArgumentException($"Includes is Nothing, Length or Header, not '{_given[Includes]}'."),
    };

    private int? Number(string key, int least, int most)
    {
        if (!_given.TryGetValue(key, out string? text))
            return null;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw new ArgumentException($"{key} is a number from {least} to {most}, not '{text}'.");
    }

    private bool Flag(string key) => _given.TryGetValue(key, out string? text)
        && (bool.TryParse(text, out bool flag) ? flag : throw new ArgumentException($"{key} is $true or $false, not '{text}'."));
}
