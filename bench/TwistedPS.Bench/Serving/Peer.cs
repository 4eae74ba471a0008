using System.Diagnostics;

namespace TwistedPS.Bench;

/// <summary>A server to measure.</summary>
/// <param name="Name">What --peers calls it.</param>
/// <param name="Title">What the table calls it.</param>
/// <param name="Program">What runs it; null where this is not installed.</param>
/// <param name="Arguments">What comes before the name of the handler.</param>
internal sealed record Peer(string Name, string Title, string? Program, params string[] Arguments)
{
    /// <summary>Why it is left out of the table.</summary>
    public string? Missing { get; init; }

    /// <summary>More than that it is not asked to hold, since each costs it megabytes.</summary>
    public int MostConnections { get; init; } = int.MaxValue;

    /// <summary>The words that start its program, with the name of the handler where it belongs.</summary>
    public ProcessStartInfo Start(Handler handler)
    {
        var start = new ProcessStartInfo(Program!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in Arguments)
            start.ArgumentList.Add(argument);
        start.ArgumentList.Add(handler.ToString().ToLowerInvariant());
        return start;
    }
}
