using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using TwistedPS.Engine.Addresses;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>The way from what the caller of a cmdlet has given to where it listens or connects.</summary>
internal static class EndpointReading
{
    private static readonly TimeSpan s_lookUpLimit = TimeSpan.FromSeconds(30);

    /// <summary>Reads where to listen; what is not said is null, except for the port or path.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="endpoint">A port or an endpoint string; null for none.</param>
    /// <param name="port">The port where there is no endpoint.</param>
    /// <param name="path">The path of a UNIX socket; null for none.</param>
    /// <param name="mode">The mode of its file; null for none.</param>
    /// <param name="isForDatagrams">Whether it is to be for datagrams.</param>
    public static EndpointString ReadListener(
        this TwistedCommand cmdlet, string? endpoint, int port, string? path, string? mode, bool isForDatagrams = false)
    {
        EndpointString place = path is not null ? EndpointString.OfPath(path)
            : endpoint is null ? new EndpointString { Text = $"{port}", Kind = EndpointKind.Tcp, Port = port }
            : cmdlet.Parse(endpoint, EndpointString.ParseServer);
        cmdlet.RequireWire(place, isForDatagrams);
        if (mode is null)
            return cmdlet.WithFullPath(place);
        if (place.Path is null)
            cmdlet.ThrowTerminatingError(Errors.ParameterWithoutEffect("FileMode", "without a UNIX socket"));
        UnixFileMode given = cmdlet.ParseMode(mode);
        cmdlet.Require("FileMode", place, place.Mode is null || place.Mode == given);
        return cmdlet.WithFullPath(place with { Mode = given });
    }

    /// <summary>Reads where to connect to, which has a host and a port, or a path.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="endpoint">A host or an endpoint string.</param>
    /// <param name="port">The port where the endpoint has none.</param>
    /// <param name="path">The path of a UNIX socket; null for none.</param>
    /// <param name="isForDatagrams">Whether it is to be for datagrams.</param>
    public static EndpointString ReadServer(this TwistedCommand cmdlet, string endpoint, int port, string? path, bool isForDatagrams = false)
    {
        EndpointString place = path is not null ? EndpointString.OfPath(path) : cmdlet.Parse(endpoint, EndpointString.ParseClient);
        cmdlet.RequireWire(place, isForDatagrams);
        cmdlet.Require("Port", place, place.Path is null && (place.Port is null || place.Port == port));
        if (place.Path is null && place.Port is null && port == 0)
            cmdlet.ThrowTerminatingError(Errors.PortMissing(endpoint));
        return cmdlet.WithFullPath(place with { Port = place.Port ?? port });
    }

    /// <summary>Ends the cmdlet if a parameter is given beside an endpoint string that says something else.</summary>
    public static void Require(this TwistedCommand cmdlet, string parameter, EndpointString place, bool agrees)
    {
        if (!agrees && cmdlet.MyInvocation.BoundParameters.ContainsKey(parameter))
            cmdlet.ThrowTerminatingError(Errors.EndpointContradicted(parameter, place));
    }

    /// <summary>Looks up the addresses of a name to listen on, with the resolver of a reactor; ends the cmdlet if it has none.</summary>
    public static IPAddress[] LookUp(this TwistedCommand cmdlet, ReactorHost host, string name)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cmdlet.CancelToken);
        limit.CancelAfter(s_lookUpLimit);
        try
        {
            Task<IPAddress[]> found = host.Reactor.Resolver.LookUpAsync(name, limit.Token);

            // A handler has to wait: nothing that looks up names needs its reactor.
            return host.Reactor.IsCurrent ? found.GetAwaiter().GetResult() : cmdlet.WaitFor(host, found, $"Looking up {name}", "");
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            cmdlet.CancelToken.ThrowIfStopped();
            cmdlet.ThrowTerminatingError(Errors.LookUpFailed(name, e));
            throw;
        }
    }

    /// <summary>Makes the path of a UNIX socket independent of the current location.</summary>
    public static string FullPath(this PSCmdlet cmdlet, string path) =>
        path.StartsWith('@') ? path : cmdlet.GetUnresolvedProviderPathFromPSPath(path);

    private static EndpointString WithFullPath(this PSCmdlet cmdlet, EndpointString place) =>
        place.Path is { } path ? place with { Path = cmdlet.FullPath(path) } : place;

    private static void RequireWire(this TwistedCommand cmdlet, EndpointString place, bool isForDatagrams)
    {
        if (place.IsExplicit && place.Kind != EndpointKind.Unix && (place.Kind == EndpointKind.Udp) != isForDatagrams)
        {
            cmdlet.ThrowTerminatingError(Errors.EndpointUnsupported(place, isForDatagrams
                ? $"{cmdlet.CommandName} is for datagrams."
                : "Start-UdpServer and Connect-UdpClient are for datagrams."));
        }
    }

    private static EndpointString Parse(this PSCmdlet cmdlet, string text, Func<string, EndpointString> parse)
    {
        try
        {
            return parse(text);
        }
        catch (FormatException e)
        {
            cmdlet.ThrowTerminatingError(Errors.InvalidEndpoint(text, e));
            throw;
        }
    }

    private static UnixFileMode ParseMode(this PSCmdlet cmdlet, string mode)
    {
        try
        {
            return FileModes.Parse(mode);
        }
        catch (FormatException e)
        {
            cmdlet.ThrowTerminatingError(Errors.InvalidFileMode(mode, e));
            throw;
        }
    }
}
