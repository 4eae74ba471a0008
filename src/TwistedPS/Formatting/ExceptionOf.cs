using System.Management.Automation;

namespace TwistedPS.Formatting;

/// <summary>The exceptions of objects, for the properties of <c>TwistedPS.Types.ps1xml</c>.</summary>
public static class ExceptionOf
{
    /// <summary>The exception that a handler threw.</summary>
    public static Exception HandlerError(PSObject error) => ((HandlerError)error.BaseObject).Exception;

    /// <summary>The current error of a deferred's chain; null if there is none.</summary>
    public static Exception? Deferred(PSObject deferred) => ((Deferred)deferred.BaseObject).Error;

    /// <summary>The error behind the close of a connection, if any.</summary>
    public static Exception? Connection(PSObject connection) => ((Connection)connection.BaseObject).CloseError;
}
