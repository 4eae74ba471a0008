using System.Net;
using System.Net.Sockets;
using TwistedPS.Engine.Http;
using TwistedPS.Engine.Metrics;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>The way to the page of metrics that a cmdlet's caller wants, and of what listens for HTTP in general.</summary>
internal static class MetricsOpening
{
    /// <summary>Opens or shares the page; ends the cmdlet if it can't listen.</summary>
    /// <returns>Null if none is wanted.</returns>
    public static MetricsLease? OpenMetrics(this TwistedCommand cmdlet, ReactorHost host, IMetricsParameters given)
    {
        if (given.MetricsPort is not { } port)
        {
            cmdlet.RefuseParameter([nameof(given.MetricsAddress)], "without -MetricsPort");
            return null;
        }

        try
        {
            return MetricsPages.Open(cmdlet.ResolveForHttp(host, new HttpServerOptions { Name = "Metrics" }, given.MetricsAddress, port));
        }
        catch (SocketException e)
        {
            cmdlet.ThrowTerminatingError(Errors.ListenFailed(e, given.MetricsAddress, port, ", so the page of metrics can't be there"));
            throw;
        }
    }

    /// <summary>Returns who uses a port that a server can't have, for the end of a sentence; nothing unless it is a page of metrics.</summary>
    public static string UserOf(this IMetricsParameters given, int port) =>
        given.MetricsPort == port ? " by the page of metrics: -MetricsPort is the same"
        : MetricsPages.IsOpenOn(port) ? " by a page of metrics of this process"
        : "";

    /// <summary>Finds the IPv4 address to listen on for HTTP; ends the cmdlet if there is none.</summary>
    public static HttpServerOptions ResolveForHttp(
        this TwistedCommand cmdlet, ReactorHost host, HttpServerOptions options, string name, int port)
    {
        if (name == "*")
            return options with { EndPoint = new IPEndPoint(IPAddress.Any, port) };
        if (IPAddress.TryParse(name, out IPAddress? address))
            return options with { EndPoint = new IPEndPoint(address, port) };
        address = cmdlet.LookUp(host, name).FirstOrDefault(it => it.AddressFamily == AddressFamily.InterNetwork);
        if (address is null)
            cmdlet.ThrowTerminatingError(Errors.HostNotFound(name));
        return options with { EndPoint = new IPEndPoint(address!, port), HostName = name };
    }
}
