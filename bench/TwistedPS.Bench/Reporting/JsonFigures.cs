using System.Text.Encodings.Web;
using System.Text.Json;

namespace TwistedPS.Bench;

/// <summary>The medians as JSON, for programs.</summary>
internal sealed class JsonFigures(Report report)
{
    private static readonly JsonSerializerOptions s_format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new FiguresConverter() },
    };

    public override string ToString() => JsonSerializer.Serialize(
        new
        {
            Date = DateTime.UtcNow,
            Machine = Machine.Describe(report).ToDictionary(fact => fact.Name, fact => fact.Value),
            report.Options.Runs,
            WarmUpSeconds = report.Options.Timing.WarmUp.TotalSeconds,
            MeasuredSeconds = report.Options.Timing.Measured.TotalSeconds,
            Remarks = report.Remarks(),
            Peers = report.Peers.ToDictionary(peer => peer.Name, peer => peer.Title),
            Loads = report.Loads.Select(load => new
            {
                load.Name,
                load.Title,
                Headline = FiguresConverter.Name(load.Headline),
                Medians = report.Peers.Where(load.Includes)
                    .ToDictionary(peer => peer.Name, peer => report.Results.Medians(load, peer.Name)),
            }),
        },
        s_format) + "\n";
}
