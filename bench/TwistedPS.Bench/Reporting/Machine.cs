using System.Runtime.InteropServices;

namespace TwistedPS.Bench;

/// <summary>The machine that ran the benchmark.</summary>
internal static class Machine
{
    private const string CpuInfo = "/proc/cpuinfo";

    public static IReadOnlyList<(string Name, string Value)> Describe(Report report)
    {
        var facts = new List<(string Name, string Value)>
        {
            ("CPU", CpuModel()),
            ("Cores", $"{Environment.ProcessorCount}"),
            ("Memory", $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GB"),
            ("System", RuntimeInformation.OSDescription),
            (".NET", Environment.Version.ToString()),
        };
        Add("PowerShell", Peers.Module, [.. report.Options.PowerShell.Skip(1), "--version"]);
        Add("Python", Peers.Twisted, "-c", "import platform; print(platform.python_version())");
        Add("Twisted", Peers.Twisted, "-c", "import twisted; print(twisted.__version__)");
        Add("Node.js", "node", "--version");
        return facts;

        void Add(string name, string peer, params string[] question)
        {
            string? program = report.Peers.FirstOrDefault(each => each.Name == peer)?.Program;
            if (program is not null && Programs.Ask(program, question) is { } answer)
                facts.Add((name, answer.Replace(name + " ", "", StringComparison.Ordinal).TrimStart('v')));
        }
    }

    private static string CpuModel()
    {
        string? line = File.Exists(CpuInfo)
            ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':') + 1)..].Trim();
    }
}
