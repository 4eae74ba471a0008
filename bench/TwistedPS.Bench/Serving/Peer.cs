using System.Diagnostics;

namespace TwistedPS.Bench;

/// <summary>A server to measure.</summary>
/// <param name="Name">The name for --peers.</param>
/// <param name="Title">The name in the table.</param>
/// <param name="Program">The program that runs it; null if not installed.</param>
/// <param name="Arguments">The arguments before the name of the handler.</param>
internal sealed record Peer(string Name, string Title, string? Program, params string[] Arguments)
{
    /// <summary>The reason why it is missing from the table; null if it is not.</summary>
    public string? Missing { get; init; }

    /// <summary>Whether it is only for the loads that name it.</summary>
    public bool IsSpecial { get; init; }

    /// <summary>The largest number of connections that it is asked to hold, where each costs it megabytes.</summary>
    public int MostConnections { get; init; } = int.MaxValue;

    /// <summary>The variables of its environment beside the usual ones.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Returns the command line of its program, including the name of the handler.</summary>
    public ProcessStartInfo Start(Handler handler)
    {
        var start = new ProcessStartInfo(Program!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (handler == Handler.Tls)
            start.Environment[TlsFiles.Variable] = TlsFiles.Folder;
        if (handler == Handler.Relay)
            start.Environment[EchoTarget.Variable] = EchoTarget.Port;
        if (handler == Handler.ChatNode)
        {
            Broker.Start();
            start.Environment[Broker.Variable] = Broker.Address;
        }

        foreach ((string name, string value) in Variables)
            start.Environment[name] = value;
        foreach (string argument in Arguments)
            start.ArgumentList.Add(argument);
        start.ArgumentList.Add(handler.ToString().ToLowerInvariant());
        return start;
    }
}
