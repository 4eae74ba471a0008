using System.Runtime.CompilerServices;

namespace TwistedPS.Tests;

public sealed class LayersTests
{
    [Fact]
    public void Dump()
    {
        var r = new FolderReferences(Path.GetFullPath(Path.Combine(Here(), "../../../src/TwistedPS.Engine")));
        foreach (var (f, t) in r.Find("Reactor"))
            Console.WriteLine($"{f}: {string.Join(", ", t)}");
        string[] order = ["Loop", "Addresses", "Carriers", "Transports", "Framing", "Services", "Reactor", "Deferreds", "Policies", "Groups", "Streams", "Timers", "Processes", "Cars", "Http"];
        foreach (var (f, t) in r.Find("Reactor"))
            foreach (var x in t)
                if (Array.IndexOf(order, x) > Array.IndexOf(order, f))
                    Console.WriteLine($"UP {f} -> {x}: {string.Join("; ", r.FilesBetween(f, x, "Reactor"))}");
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
