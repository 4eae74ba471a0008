using TwistedPS.Scripting;

namespace TwistedPS.Completers;

/// <summary>
/// A completer of hosts: those that this session has connected to, the last one first, this machine, and those that its hosts
/// file names. After a colon it offers ports.
/// </summary>
public sealed class HostCompleter : CandidateCompleter
{
    private const string Mine = "localhost";

    private static readonly string s_hostsFile = OperatingSystem.IsWindows()
        ? Path.Combine(Environment.SystemDirectory, "drivers", "etc", "hosts")
        : "/etc/hosts";

    internal override IEnumerable<(string Text, string Description)> Candidates => Hosts;

    internal override IEnumerable<(string Text, string Description)> CandidatesFor(string word) => word.LastIndexOf(':') is >= 0 and var colon
        ? PortCompleter.Ports.Select(port => (word[..(colon + 1)] + port.Text, port.Description))
        : Candidates;

    internal static IEnumerable<(string Text, string Description)> Hosts => Session.Current.KnownHosts.LastFirst
        .Select(host => (host, "Connected to before"))
        .Concat([(Mine, "This machine"), .. InFile()])
        .DistinctBy(((string Text, string Description) candidate) => candidate.Text, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<(string Text, string Description)> InFile()
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(s_hostsFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }

        return
            from line in lines
            let words = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            from name in words.Skip(1)
            select (name, words[0]);
    }
}
