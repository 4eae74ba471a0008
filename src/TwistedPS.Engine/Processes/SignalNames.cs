using System.Globalization;

namespace TwistedPS.Engine.Processes;

/// <summary>
/// The names of signals, and their numbers on this system: those of Linux, or those of macOS and the BSDs. The real-time signals of
/// Linux are named as by a shell, from both ends: <c>RTMIN+1</c>, <c>RTMAX-1</c>.
/// </summary>
internal static class SignalNames
{
    private const string Prefix = "SIG";
    private const string Lowest = "RTMIN";
    private const string Highest = "RTMAX";
    private const int FirstRealTime = 34;
    private const int LastRealTime = 64;
    private const int LastNamedFromBelow = FirstRealTime + 15;

    private static readonly bool s_isBsd = OperatingSystem.IsMacOS() || OperatingSystem.IsFreeBSD();

    private static readonly Dictionary<string, int> s_numbers = NumbersOf(
        [
            ("HUP", 1, 1),
            ("INT", 2, 2),
            ("QUIT", 3, 3),
            ("ILL", 4, 4),
            ("TRAP", 5, 5),
            ("ABRT", 6, 6),
            ("BUS", 7, 10),
            ("FPE", 8, 8),
            ("KILL", 9, 9),
            ("USR1", 10, 30),
            ("SEGV", 11, 11),
            ("USR2", 12, 31),
            ("PIPE", 13, 13),
            ("ALRM", 14, 14),
            ("TERM", 15, 15),
            ("STKFLT", 16, 0),
            ("CHLD", 17, 20),
            ("CONT", 18, 19),
            ("STOP", 19, 17),
            ("TSTP", 20, 18),
            ("TTIN", 21, 21),
            ("TTOU", 22, 22),
            ("URG", 23, 16),
            ("XCPU", 24, 24),
            ("XFSZ", 25, 25),
            ("VTALRM", 26, 26),
            ("PROF", 27, 27),
            ("WINCH", 28, 28),
            ("IO", 29, 23),
            ("PWR", 30, 0),
            ("SYS", 31, 12),
            ("EMT", 0, 7),
            ("INFO", 0, 29),
        ]);

    private static readonly Dictionary<string, string> s_words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Hangup"] = "HUP",
        ["Interrupt"] = "INT",
        ["Terminate"] = "TERM",
        ["POLL"] = "IO",
        ["CLD"] = "CHLD",
        ["IOT"] = "ABRT",
    };

    /// <summary>All of them without <c>SIG</c>, in the order of their numbers on Linux, with the ends of the real-time signals.</summary>
    public static IEnumerable<string> All => s_isBsd ? s_numbers.Keys : [.. s_numbers.Keys, Lowest, Highest];

    /// <summary>Returns the number of a signal; null if there is none of that name.</summary>
    public static int? NumberOf(string name)
    {
        string without = name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? name[Prefix.Length..] : name;
        return s_numbers.TryGetValue(s_words.GetValueOrDefault(without, without), out int number) ? number : NumberOfRealTime(without);
    }

    /// <summary>Returns the name of a signal without <c>SIG</c>; null if it has none.</summary>
    public static string? NameOf(int number) => number switch
    {
        < FirstRealTime => s_numbers.FirstOrDefault(it => it.Value == number).Key,
        _ when s_isBsd => null,
        FirstRealTime => Lowest,
        LastRealTime => Highest,
        <= LastNamedFromBelow => $"{Lowest}+{number - FirstRealTime}",
        _ => $"{Highest}-{LastRealTime - number}",
    };

    private static int? NumberOfRealTime(string name)
    {
        (int from, int step) = name switch
        {
            _ when s_isBsd => (0, 0),
            _ when name.StartsWith(Lowest, StringComparison.OrdinalIgnoreCase) => (FirstRealTime, 1),
            _ when name.StartsWith(Highest, StringComparison.OrdinalIgnoreCase) => (LastRealTime, -1),
            _ => (0, 0),
        };
        if (from == 0 || name.Length == Lowest.Length)
            return from == 0 ? null : from;
        bool hasOffset = name[Lowest.Length] == (step > 0 ? '+' : '-')
            & int.TryParse(name.AsSpan(Lowest.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int offset);
        return hasOffset && offset <= LastRealTime - FirstRealTime ? from + (step * offset) : null;
    }

    private static Dictionary<string, int> NumbersOf((string Name, int OnLinux, int OnBsd)[] signals) => signals
        .Select(it => (it.Name, Number: s_isBsd ? it.OnBsd : it.OnLinux))
        .Where(it => it.Number > 0)
        .ToDictionary(it => it.Name, it => it.Number, StringComparer.OrdinalIgnoreCase);
}
