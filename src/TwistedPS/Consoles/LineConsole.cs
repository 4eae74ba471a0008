using System.Management.Automation.Host;

namespace TwistedPS.Consoles;

/// <summary>The choice of the console.</summary>
internal static class LineConsole
{
    public static ILineConsole Open(PSHost host, string prompt, ConsoleColors colors, string? historyPath) =>
        Console.IsInputRedirected || Console.IsOutputRedirected || host.UI is { SupportsVirtualTerminal: false }
            ? new RedirectedConsole(host)
            : new TerminalConsole(prompt, colors, historyPath);
}
