using System.Diagnostics;
using System.Globalization;

namespace TwistedPS;

/// <summary>A process and all that it has started, directly or not.</summary>
internal static class ProcessTree
{
    /// <summary>
    /// Ends it: on Windows it is killed whatever the signal, and only on Linux does a signal other than Kill reach more than
    /// the process itself.
    /// </summary>
    public static void Signal(Process root, ProcessSignal signal)
    {
        if (OperatingSystem.IsLinux())
            SignalAll(root.Id, signal);
        else if (OperatingSystem.IsWindows() || signal == ProcessSignal.Kill)
            root.Kill(entireProcessTree: true);
        else
            Signals.Send(root.Id, signal);
    }

    // .NET's own kill of a tree looks at every process far more closely than this needs: it takes 20 times as long.
    private static void SignalAll(int root, ProcessSignal signal)
    {
        HashSet<int> tree = [root];
        if (signal == ProcessSignal.Kill)
            Signals.Stop(root);
        while (FindMore(tree) is { Count: > 0 } more)
        {
            tree.UnionWith(more);
            if (signal != ProcessSignal.Kill)
                continue;

            // Whoever is stopped starts nothing more, so the search comes to an end.
            more.ForEach(Signals.Stop);
        }

        foreach (int process in tree)
            Signals.Send(process, signal);
    }

    private static List<int> FindMore(HashSet<int> tree)
    {
        List<int> more = [];
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int process)
                && !tree.Contains(process)
                && tree.Contains(ParentOf(directory)))
            {
                more.Add(process);
            }
        }

        return more;
    }

    /// <returns>0 for a process that is gone already.</returns>
    private static int ParentOf(string directory)
    {
        try
        {
            // The name of the program stands in parentheses and may hold anything; state and parent follow.
            string status = File.ReadAllText(Path.Combine(directory, "stat"));
            string[] fields = status[(status.LastIndexOf(')') + 2)..].Split(' ', 3);
            return int.Parse(fields[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
