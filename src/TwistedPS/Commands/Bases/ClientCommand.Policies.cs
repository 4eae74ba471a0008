using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

// The parameters of policies.
public abstract partial class ClientCommand
{
    /// <summary>The bytes a second of each connection, on the wire, in either direction by itself; no limit by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? BytesPerSecond { get; set; }

    /// <summary>The longest time of a connection, counted from its beginning, after which it is closed; no limit by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    public TimeSpan? ConnectionTimeLimit { get; set; }

    /// <summary>
    /// The file to which all that is received and sent is appended, before it is encrypted, in hexadecimal and as text; none by
    /// default. With {number} in the path, or in a folder, each connection has a file of its own.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TrafficLog { get; set; }
}
