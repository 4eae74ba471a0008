using System.Management.Automation;
using TwistedPS.Parameters;

namespace TwistedPS.Formatting;

/// <summary>
/// The time limits of a connection, for the properties of <c>TwistedPS.Types.ps1xml</c>: they are set to what parameters of
/// time take, where PowerShell would read a number as ticks.
/// </summary>
public static class TimeOf
{
    private static readonly TimeoutTransformationAttribute s_transformation = new();

    /// <summary>The longest time without traffic.</summary>
    public static object? IdleTimeout(PSObject connection) => ((Connection)connection.BaseObject).IdleTimeout;

    /// <summary>Sets the longest time without traffic; null or 0 for no limit.</summary>
    public static void SetIdleTimeout(PSObject connection, object? value) => ((Connection)connection.BaseObject).IdleTimeout = ToTime(value);

    /// <summary>The longest time of a connection.</summary>
    public static object? TimeLimit(PSObject connection) => ((Connection)connection.BaseObject).TimeLimit;

    /// <summary>Sets the longest time of a connection; null or 0 for no limit.</summary>
    public static void SetTimeLimit(PSObject connection, object? value) => ((Connection)connection.BaseObject).TimeLimit = ToTime(value);

    private static TimeSpan? ToTime(object? value) => value is null ? null : (TimeSpan?)s_transformation.Transform(null!, value);
}
