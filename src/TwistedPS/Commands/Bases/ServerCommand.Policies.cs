using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

// The parameters of policies.
public abstract partial class ServerCommand
{
    /// <summary>The bytes a second of each connection, on the wire, in either direction by itself; no limit by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? BytesPerSecond { get; set; }

    /// <summary>The bytes a second of all connections together, on the wire, in either direction by itself; no limit by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? ServerBytesPerSecond { get; set; }

    /// <summary>The longest time of a connection, counted from its beginning, after which it is closed; no limit by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    public TimeSpan? ConnectionTimeLimit { get; set; }

    /// <summary>
    /// The addresses from which connections are accepted, such as 10.0.0.0/8, fe80::/10 or 192.0.2.7; all by default.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] AllowAddress { get; set; } = [];

    /// <summary>The addresses from which no connections are accepted, even if -AllowAddress has them; none by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] DenyAddress { get; set; } = [];

    /// <summary>
    /// The text for a peer that is refused for its address or over a limit of connections, sent as the output of a handler would
    /// be; nothing by default, nor where the peer expects TLS.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateLength(1, 4096)]
    public string? RefusedMessage { get; set; }

    /// <summary>
    /// The file to which all that is received and sent is appended, before it is encrypted, in hexadecimal and as text; none by
    /// default. With {number} in the path, or in a folder, each connection has a file of its own.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TrafficLog { get; set; }
}
