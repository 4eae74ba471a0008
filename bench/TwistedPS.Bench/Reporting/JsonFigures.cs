using System.Text.Encodings.Web;
using System.Text.Json;

namespace TwistedPS.Bench;

/// <summary>Every figure of every run, for programs.</summary>
internal sealed class JsonFigures(Report report)
{
    private static readonly JsonSerializerOptions s_format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public override string ToString() => JsonSerializer.Serialize(
        new
        {
            Date = DateTime.UtcNow,
            Machine = Machine.Describe(report.Peers).ToDictionary(fact => fact.Name, fact => fact.Value),
            report.Options.Runs,
            WarmUpSeconds = report.Options.Timing.WarmUp.TotalSeconds,
            MeasuredSeconds = report.Options.Timing.Measured.TotalSeconds,
            Remarks = report.Remarks(),
            Loads = report.Loads.Select(load => new
            {
                load.Name,
                load.Title,
                Headline = Name(load.Headline),
                Peers = report.Peers.Where(load.Includes).Select(peer => new
                {
                    peer.Name,
                    peer.Title,
                    Medians = Named(report.Results.Medians(load, peer.Name)),
                    Runs = report.Results.Runs(load, peer.Name).Select(Named),
                }),
            }),
        },
        s_format) + "\n";

    private static Dictionary<string, double>? Named(Figures? figures) =>
        figures?.ToDictionary(pair => Name(pair.Key), pair => Math.Round(pair.Value, 4));

    private static string Name(Metric metric) => JsonNamingPolicy.CamelCase.ConvertName(metric.ToString());
}
