namespace TwistedPS.Bench;

/// <summary>The module and its alternatives.</summary>
internal static class Peers
{
    public const string Module = "twistedps";
    public const string PortableModule = "twistedps-pool";
    public const string TwoReactors = "twistedps-2";
    public const string TwoHeaps = "twistedps-2-heaps";
    public const string Twisted = "twisted";
    public const string Socat = "socat";

    /// <summary>The bodies of handlers without a server.</summary>
    public const string Loop = "loop";

    private const string NoPowerShell = "PowerShell was not found";
    private const int RunspacesThatFit = 2_500;

    /// <param name="folder">The folder of the servers.</param>
    /// <param name="powerShell">The command line that starts PowerShell.</param>
    public static IReadOnlyList<Peer> Find(string folder, IReadOnlyList<string> powerShell)
    {
        string? shell = Programs.Find(powerShell[0]);
        string[] run = [.. powerShell.Skip(1), "-File"];
        string? node = Programs.Find("node");
        string? twisted = Programs.FindPython("import twisted");
        string? python = twisted ?? Programs.FindPython("import asyncio");
        string pipelines = Path.Combine(AppContext.BaseDirectory, "TwistedPS.Bench.Pipelines.dll");
        string runspaces = Path.Combine(folder, "runspaces.ps1");
        string module = Path.Combine(folder, "twistedps.ps1");
        return
        [
            new Peer(Module, "TwistedPS", shell, [.. run, module]) { Missing = NoPowerShell },
            new Peer(PortableModule, "TwistedPS, portable poller", shell, [.. run, module, "-Poller", "Pool"])
            {
                Missing = NoPowerShell,
            },
            new Peer(TwoReactors, "TwistedPS, two reactors", shell, [.. run, module, "-ReactorCount", "2"])
            {
                Missing = NoPowerShell,
                IsSpecial = true,
            },
            new Peer(TwoHeaps, "TwistedPS, two reactors, two heaps", shell, [.. run, module, "-ReactorCount", "2"])
            {
                Missing = NoPowerShell,
                IsSpecial = true,
                Variables = new Dictionary<string, string>
                {
                    ["DOTNET_gcServer"] = "1",
                    ["DOTNET_GCDynamicAdaptationMode"] = "0",
                },
            },
            new Peer(Twisted, "Twisted LineReceiver", twisted, Path.Combine(folder, "twisted_server.py"))
            {
                Missing = "no python3 here can import twisted",
            },
            new Peer("asyncio", "asyncio streams", python, Path.Combine(folder, "asyncio_server.py"))
            {
                Missing = "Python is not installed",
            },
            new Peer("node", "Node.js net", node, Path.Combine(folder, "node_server.js"))
            {
                Missing = "Node.js is not installed",
            },
            new Peer("pipelines", "C# Pipelines", Programs.Find("dotnet"), pipelines)
            {
                Missing = "dotnet is not on the PATH",
            },
            new Peer("runspaces", "PowerShell, runspaces", shell, [.. run, runspaces])
            {
                Missing = NoPowerShell,
                MostConnections = RunspacesThatFit,
            },
            new Peer(Socat, "socat", Programs.Find("socat") is null ? null : Programs.Find("bash"), Path.Combine(folder, "socat_relay.sh"))
            {
                Missing = "socat is not installed",
                IsSpecial = true,
            },
            new Peer(Loop, "PowerShell's own loop", shell, [.. run, Path.Combine(folder, "loop.ps1")])
            {
                Missing = NoPowerShell,
                IsSpecial = true,
            },
        ];
    }
}
