using System.Management.Automation;

namespace TwistedPS.Formatting;

/// <summary>
/// What connections have carried, for the hidden properties of <c>TwistedPS.Views.Types.ps1xml</c>: there may be thousands of
/// them in a table, and a property costs half as much as a script.
/// </summary>
public static class Traffic
{
    /// <summary>Returns the number of lines received.</summary>
    public static string? LinesIn(PSObject it) =>
        Figures.Count(it.BaseObject is LineConnection connection ? connection.LinesIn : ValueOf(it, nameof(LinesIn)));

    /// <summary>Returns the number of lines sent.</summary>
    public static string? LinesOut(PSObject it) =>
        Figures.Count(it.BaseObject is LineConnection connection ? connection.LinesOut : ValueOf(it, nameof(LinesOut)));

    /// <summary>Returns the size of what was received.</summary>
    public static string? BytesIn(PSObject it) =>
        Figures.Size(it.BaseObject is Connection connection ? connection.BytesIn : ValueOf(it, nameof(BytesIn)));

    /// <summary>Returns the size of what was sent.</summary>
    public static string? BytesOut(PSObject it) =>
        Figures.Size(it.BaseObject is Connection connection ? connection.BytesOut : ValueOf(it, nameof(BytesOut)));

    private static object? ValueOf(PSObject it, string property) => it.Properties[property]?.Value;
}
