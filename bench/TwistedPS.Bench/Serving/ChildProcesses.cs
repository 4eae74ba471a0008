using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace TwistedPS.Bench;

/// <summary>The processes that a process has started, on Linux: a server may have one for each connection.</summary>
internal static class ChildProcesses
{
    /// <summary>Returns the sum of a quantity of them all; 0 where the system does not tell them.</summary>
    public static long Sum(int parent, Func<Process, long> quantity)
    {
        var list = new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{parent}/task/{parent}/children"));
        if (!list.Exists)
            return 0;
        using StreamReader reader = list.OpenText();
        return reader.ReadToEnd().Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Sum(id => Of(int.Parse(id, CultureInfo.InvariantCulture), quantity));
    }

    private static long Of(int id, Func<Process, long> quantity)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            return quantity(process);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended meanwhile.
            return 0;
        }
    }
}
