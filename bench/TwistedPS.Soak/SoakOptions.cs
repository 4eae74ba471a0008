using System.Diagnostics;
using System.Globalization;

namespace TwistedPS.Soak;

/// <summary>The options of the command line: the minutes, the folder for the picture, and the words that start PowerShell.</summary>
internal sealed record SoakOptions(TimeSpan Time, string Output, IReadOnlyList<string> PowerShell)
{
    public const string Usage = "Options: MINUTES FOLDER POWERSHELL [ARGUMENT …]";

    /// <summary>The time in which pools fill up and code is compiled, before the first measurement.</summary>
    public TimeSpan WarmUp { get; } = TimeSpan.FromSeconds(40);

    /// <summary>The time that what is under way has after the end.</summary>
    public TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    public long Begin { get; } = Stopwatch.GetTimestamp();

    /// <exception cref="ArgumentException">They are incomplete or invalid.</exception>
    public static SoakOptions Parse(string[] arguments) =>
        arguments is [var minutes, var output, .. { Length: > 0 } powerShell]
            && double.TryParse(minutes, CultureInfo.InvariantCulture, out double number) && number > 0
                ? new SoakOptions(TimeSpan.FromMinutes(number), output, powerShell)
                : throw new ArgumentException(Usage);
}
