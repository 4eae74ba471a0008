using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

// The parameters of metrics.
public abstract partial class ServerCommand : IMetricsParameters
{
    /// <summary>
    /// The port of a page with the metrics of this process for Prometheus, at <c>/metrics</c>, 0 for any free port; none by default.
    /// Servers and reactors with the same port share the page, which is there until the last of them has stopped.
    /// </summary>
    [Parameter]
    [PortTransformation(MayBeZero = true)]
    [ArgumentCompleter(typeof(MetricsPortCompleter))]
    [ValidateRange(0, 65535)]
    public int? MetricsPort { get; set; }

    /// <summary>The IPv4 address that the page of metrics listens on, or a name of it, * for all; 127.0.0.1 by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AddressCompleter))]
    public string MetricsAddress { get; set; } = "127.0.0.1";
}
