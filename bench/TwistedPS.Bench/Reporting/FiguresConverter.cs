using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TwistedPS.Bench;

/// <summary>A converter of figures to one line of JSON, so that those of the peers line up.</summary>
internal sealed class FiguresConverter : JsonConverter<Figures>
{
    public static string Name(Metric metric) => JsonNamingPolicy.CamelCase.ConvertName(metric.ToString());

    public override void Write(Utf8JsonWriter writer, Figures value, JsonSerializerOptions options)
    {
        IEnumerable<string> figures = value.Select(pair => string.Create(
            CultureInfo.InvariantCulture, $"\"{Name(pair.Key)}\": {Math.Round(pair.Value, 4)}"));
        writer.WriteRawValue($"{{ {string.Join(", ", figures)} }}");
    }

    public override Figures Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException();
}
