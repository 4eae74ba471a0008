using System.Globalization;

namespace TwistedPS.Bench;

/// <summary>The options of the command line.</summary>
internal sealed record Options
{
    public const string Usage = """
        Options:
          --runs N           interleaved runs, whose medians count; 5 by default
          --seconds S        time measured of each load; 2.5 by default
          --warm-up S        time before that; 5 by default
          --loads A,B,...    only these loads
          --peers A,B,...    only these servers
          --powershell A,... the words that start PowerShell; pwsh,-NoProfile by default
          --output FOLDER    writes benchmark.md, its pictures and benchmark.json there
          --page NAME        writes benchmark-NAME.md and its like instead, for some of the loads
          --list             shows the loads and servers, and does nothing
        """;

    public int Runs { get; private init; } = 5;

    /// <summary>Warmed up for as long as a runtime needs to compile well what is called a few hundred times a second.</summary>
    public Timing Timing { get; private init; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2.5));

    /// <summary>The names of the loads; null for all.</summary>
    public IReadOnlyList<string>? Loads { get; private init; }

    /// <summary>The names of the peers; null for all.</summary>
    public IReadOnlyList<string>? Peers { get; private init; }

    /// <summary>The program and its first arguments.</summary>
    public IReadOnlyList<string> PowerShell { get; private init; } = ["pwsh", "-NoProfile"];

    public string? Output { get; private init; }

    /// <summary>The name of the page; null for that of all loads.</summary>
    public string? Page { get; private init; }

    public bool List { get; private init; }

    /// <exception cref="ArgumentException">There is no such option, or its value is invalid.</exception>
    public static Options Parse(string[] arguments)
    {
        var options = new Options();
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out string? name))
        {
            options = name switch
            {
                "--list" => options with { List = true },
                "--runs" => options with { Runs = (int)Number(name, rest) },
                "--seconds" => options with { Timing = options.Timing with { Measured = Seconds(name, rest) } },
                "--warm-up" => options with { Timing = options.Timing with { WarmUp = Seconds(name, rest) } },
                "--loads" => options with { Loads = Value(name, rest).Split(',') },
                "--peers" => options with { Peers = Value(name, rest).Split(',') },
                "--powershell" => options with { PowerShell = Value(name, rest).Split(',') },
                "--output" => options with { Output = Value(name, rest) },
                "--page" => options with { Page = Value(name, rest) },
                _ => throw new ArgumentException($"There is no option {name}."),
            };
        }

        return options;
    }

    private static string Value(string name, Queue<string> rest) => rest.TryDequeue(out string? value)
        ? value
        : throw new ArgumentException($"{name} needs a value.");

    private static TimeSpan Seconds(string name, Queue<string> rest) => TimeSpan.FromSeconds(Number(name, rest));

    private static double Number(string name, Queue<string> rest)
    {
        string value = Value(name, rest);
        return double.TryParse(value, CultureInfo.InvariantCulture, out double number) && number > 0
            ? number
            : throw new ArgumentException($"{name} takes a positive number, not '{value}'.");
    }
}
