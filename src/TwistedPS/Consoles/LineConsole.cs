using System.Management.Automation.Host;

namespace TwistedPS.Consoles;

/// <summary>The choice of the console.</summary>
internal static class LineConsole
{
    public static ILineConsole Open(PSHost host, string prompt) => Console.IsInputRedirected || Console.IsOutputRedirected
        ? new RedirectedConsole(host)
        : new TerminalConsole(prompt);
}
