using System.Management.Automation;
using System.Reflection;

namespace TwistedPS.Formatting;

/// <summary>
/// The colors of states in the views of <c>*.Format.ps1xml</c>: red for what has failed, yellow for what is on its way, faint for
/// what is over. PowerShell takes them out wherever its output has none.
/// </summary>
public static class Shade
{
    private const string Red = "31";
    private const string Yellow = "33";
    private const string Faint = "2";

    // Of a type that the reference assembly does not have.
    private static readonly object? s_style = typeof(PSObject).Assembly.GetType("System.Management.Automation.PSStyle")?.GetProperty("Instance")?.GetValue(null);
    private static readonly PropertyInfo? s_rendering = s_style?.GetType().GetProperty("OutputRendering");

    // PowerShell itself leaves colors in what its whole process writes to a file or to another program.
    private static bool IsPlain => Console.IsOutputRedirected && s_rendering?.GetValue(s_style)?.ToString() != "Ansi";

    /// <summary>Returns the state of an object in its color; a process that has ended with an error has failed.</summary>
    public static string? Status(PSObject it) => StatusOf(it) switch
    {
        "Exited" when it.Properties[nameof(ReactorProcess.ExitCode)]?.Value is int and not 0 => Paint("Exited", Red),
        "Waiting" when it.BaseObject is Deferred => "Waiting",
        "Failed" => Paint("Failed", Red),
        ("Starting" or "Stopping" or "Connecting" or "Waiting" or "Closing") and var status => Paint(status, Yellow),
        ("Stopped" or "Disconnected" or "Closed" or "Completed" or "Exited" or "Cancelled") and var status => Paint(status, Faint),
        var status => status,
    };

    /// <summary>Returns the state of a reactor in a word: Running, Stopped, or Ready for one that nobody runs.</summary>
    public static string Reactor(PSObject it) =>
        Is(it, nameof(TwistedPS.Reactor.IsStopped)) ? Paint("Stopped", Faint) : Is(it, nameof(TwistedPS.Reactor.IsRunning)) ? "Running" : "Ready";

    /// <summary>Returns a number of errors, red if there are any.</summary>
    public static object? Errors(object? count) => Figures.Count(count) is { } text and not "0" ? Paint(text, Red) : count;

    /// <summary>Returns an exit code, red unless it is 0.</summary>
    public static object? ExitCode(object? code) => Figures.Unwrap(code) is int and not 0 ? Paint($"{code}", Red) : code;

    /// <summary>Returns the level of a log entry in its color.</summary>
    public static string? Level(object? level) => level?.ToString() switch
    {
        "Error" => Paint("Error", Red),
        "Warning" => Paint("Warning", Yellow),
        "Debug" => Paint("Debug", Faint),
        var usual => usual,
    };

    /// <summary>Returns the reason for a close, red unless it is an orderly one; nothing while there is none.</summary>
    public static string? Reason(PSObject connection) => ReasonOf(connection) switch
    {
        null or nameof(CloseReason.None) => null,
        ("Done" or "ServerStopped") and var usual => usual,
        ("Aborted" or "TimedOut" or "TimeLimit" or "Refused") and var meant => Paint(meant, Yellow),
        var failure => Paint(failure, Red),
    };

    /// <summary>Returns a text in red, or nothing if there is none.</summary>
    internal static string Failure(string text) => text.Length > 0 ? Paint(text, Red) : text;

    private static string? StatusOf(PSObject it) =>
        it.BaseObject is Connection connection ? connection.Status.ToString() : it.Properties["Status"]?.Value?.ToString();

    private static string? ReasonOf(PSObject it) =>
        it.BaseObject is Connection connection ? connection.CloseReason.ToString() : it.Properties[nameof(CloseReason)]?.Value?.ToString();

    private static bool Is(PSObject it, string property) => LanguagePrimitives.IsTrue(it.Properties[property]?.Value);

    private static string Paint(string text, string color) => IsPlain ? text : $"\u001B[{color}m{text}\u001B[0m";
}
