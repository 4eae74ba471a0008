using System.Globalization;
using TwistedPS.Engine.Processes;

namespace TwistedPS;

/// <summary>A POSIX signal, by its number on this system.</summary>
public sealed record ProcessSignal
{
    private const int Highest = 64;
    private const int Ended = 128;

    /// <summary>Makes the signal of a number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not one of 1 to 64.</exception>
    public ProcessSignal(int number)
    {
        if (number is < 1 or > Highest)
            throw new ArgumentOutOfRangeException(nameof(number), number, $"A signal is a number from 1 to {Highest}.");
        Number = number;
    }

    /// <summary>SIGHUP: for many daemons, reload the configuration.</summary>
    public static ProcessSignal Hangup { get; } = Parse("HUP");

    /// <summary>SIGINT: interrupt, as Ctrl+C does.</summary>
    public static ProcessSignal Interrupt { get; } = Parse("INT");

    /// <summary>SIGQUIT: end, and leave a core dump.</summary>
    public static ProcessSignal Quit { get; } = Parse("QUIT");

    /// <summary>SIGKILL: end at once; it can't be caught.</summary>
    public static ProcessSignal Kill { get; } = Parse("KILL");

    /// <summary>SIGTERM: end gracefully.</summary>
    public static ProcessSignal Terminate { get; } = Parse("TERM");

    /// <summary>Its number on this system.</summary>
    public int Number { get; }

    /// <summary>
    /// Finds a signal by its name, with or without <c>SIG</c> and in any case, by a word such as <c>Terminate</c>, or by its
    /// number on this system.
    /// </summary>
    /// <exception cref="FormatException">There is no such signal; the message lists the names.</exception>
    public static ProcessSignal Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string name = text.Trim();
        if (SignalNames.NumberOf(name) is { } known)
            return new ProcessSignal(known);
        return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= Highest
            ? new ProcessSignal(number)
            : throw new FormatException(
                $"'{text}' is not a signal. Give a number from 1 to {Highest}, or a name, with or without SIG: {string.Join(", ", SignalNames.All)}.");
    }

    /// <summary>Returns the signal that has ended a process with an exit code; null if the code says of none.</summary>
    internal static ProcessSignal? OfExitCode(int? code) =>
        code is > Ended and <= Ended + Highest ? new ProcessSignal(code.Value - Ended) : null;

    /// <summary>Returns its name, such as <c>SIGTERM</c>; the number of one without a name.</summary>
    public override string ToString() => SignalNames.NameOf(Number) is { } name ? $"SIG{name}" : $"signal {Number}";
}
