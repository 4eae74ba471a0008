namespace TwistedPS.Engine.Processes;

/// <summary>The names of signals, and their numbers on this system: those of Linux, or those of macOS and the BSDs.</summary>
internal static class SignalNames
{
    private const string Prefix = "SIG";

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
            ("SYS", 31, 12),
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

    /// <summary>All of them without <c>SIG</c>, in the order of their numbers on Linux.</summary>
    public static IEnumerable<string> All => s_numbers.Keys;

    /// <summary>Returns the number of a signal; null if there is none of that name.</summary>
    public static int? NumberOf(string name)
    {
        string without = name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? name[Prefix.Length..] : name;
        return s_numbers.TryGetValue(s_words.GetValueOrDefault(without, without), out int number) ? number : null;
    }

    /// <summary>Returns the name of a signal without <c>SIG</c>; null if it has none.</summary>
    public static string? NameOf(int number) => s_numbers.FirstOrDefault(it => it.Value == number).Key;

    private static Dictionary<string, int> NumbersOf((string Name, int OnLinux, int OnBsd)[] signals) => signals.ToDictionary(
        it => it.Name,
        it => OperatingSystem.IsMacOS() || OperatingSystem.IsFreeBSD() ? it.OnBsd : it.OnLinux,
        StringComparer.OrdinalIgnoreCase);
}
