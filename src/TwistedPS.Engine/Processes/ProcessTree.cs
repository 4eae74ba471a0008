using System.Diagnostics;
using System.Globalization;

namespace TwistedPS.Engine.Processes;

/// <summary>A process and all its descendants.</summary>
internal static class ProcessTree
{
    private static readonly ProcessSignal s_stop = ProcessSignal.Parse("STOP");

    /// <summary>Whether the kernel lists the children of a process, as nearly every Linux does.</summary>
    private static readonly bool s_knowsChildren = OperatingSystem.IsLinux() && File.Exists("/proc/thread-self/children");

    /// <summary>
    /// Signals all of it. Where children are unknown, a signal other than Kill reaches the process itself only; on Windows
    /// any signal kills.
    /// </summary>
    public static void Signal(Process root, ProcessSignal signal)
    {
        if (s_knowsChildren)
            SignalAll(root.Id, signal);
        else if (OperatingSystem.IsWindows() || signal == ProcessSignal.Kill)
            root.Kill(entireProcessTree: true);
        else
            Signals.Send(root.Id, signal);
    }

    // .NET's own kill of a tree scans every process of the machine, and takes a hundred times as long.
    private static void SignalAll(int root, ProcessSignal signal)
    {
        List<int> tree = [root];
        for (int i = 0; i < tree.Count; i++)
        {
            // A stopped process starts nothing more.
            if (signal == ProcessSignal.Kill)
                Signals.Send(tree[i], s_stop);
            tree.AddRange(ChildrenOf(tree[i]));
        }

        tree.ForEach(process => Signals.Send(process, signal));
    }

    /// <returns>Its children; none if it is already gone.</returns>
    private static List<int> ChildrenOf(int process)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{process}/task")
                .SelectMany(thread => File.ReadAllText($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(child => int.Parse(child, CultureInfo.InvariantCulture))
                .ToList();
        }
        catch (IOException)
        {
            return [];
        }
    }
}
