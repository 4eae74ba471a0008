using System.Diagnostics;
using System.Globalization;

namespace TwistedPS.Bench;

/// <summary>A PowerShell process that runs the body of a handler in its own foreach, and measures itself.</summary>
internal static class OwnLoop
{
    /// <exception cref="IOException">It has failed.</exception>
    public static Figures Run(Peer peer, HandlerLoad load, Timing timing)
    {
        Peer timed = peer with { Arguments = [.. peer.Arguments, Seconds(timing.WarmUp), Seconds(timing.Measured)] };
        using Process process = Process.Start(timed.Start(load.Handler))!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Script script = load.Script;
        process.StandardInput.BaseStream.Write(script.Requests(0, script.Count));
        process.StandardInput.Close();
        string[] output = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return output.Length == 3
            ? Parse(output)
            : throw new IOException($"The loop ended with {process.ExitCode}. {errors.Result}");
    }

    /// <summary>Returns the figures of what it prints: the number of lines, the seconds, and those of CPU time.</summary>
    public static Figures Parse(string[] output)
    {
        double[] numbers = [.. output.Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
        return new Figures
        {
            [Metric.LinesPerSecond] = numbers[0] / numbers[1],
            [Metric.Cores] = numbers[2] / numbers[1],
            [Metric.CpuPerLine] = numbers[2] * 1e6 / numbers[0],
        };
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(CultureInfo.InvariantCulture);
}
