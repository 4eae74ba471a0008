using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using TwistedPS.Engine.Addresses;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>The way from what the caller of a cmdlet has given to an address for datagrams.</summary>
internal static class DatagramAddressing
{
    private const string UnixPrefix = "unix:";

    /// <summary>Finds an address, of a name the first one of IPv4 if there is one.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="host">The reactor, which runs meanwhile.</param>
    /// <param name="name">A name or an address.</param>
    /// <param name="port">The port.</param>
    public static Address Resolve(this TwistedCommand cmdlet, ReactorHost host, string name, int port)
    {
        if (IPAddress.TryParse(name, out IPAddress? literal))
            return Address.From(new IPEndPoint(literal, port));
        if (name.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return Address.From(new IPEndPoint(IPAddress.Loopback, port));
        if (host.Reactor.IsCurrent)
            cmdlet.ThrowTerminatingError(Errors.LookupInHandler(cmdlet.CommandName, name));
        try
        {
            Task<IPAddress[]> lookup = Dns.GetHostAddressesAsync(name, cmdlet.CancelToken);
            IPAddress[] found = cmdlet.WaitFor(host, lookup, $"Looking up {name}", "");
            IPAddress first = Array.Find(found, it => it.AddressFamily == AddressFamily.InterNetwork) ?? found[0];
            return Address.From(new IPEndPoint(first, port));
        }
        catch (Exception e) when (e is SocketException or ArgumentOutOfRangeException)
        {
            cmdlet.ThrowTerminatingError(Errors.HostNotFound(name, e));
            throw;
        }
    }

    /// <summary>Finds the receiver of a datagram: a peer, an address, <c>host:port</c>, or the path of a UNIX socket.</summary>
    public static Address ResolveReceiver(this TwistedCommand cmdlet, ReactorHost host, object given)
    {
        switch (given is PSObject wrapped ? wrapped.BaseObject : given)
        {
            case DatagramPeer peer:
                return peer.RemoteAddress;
            case Address { EndPoint: not null } address:
                return address;
            case EndPoint endPoint:
                return Address.From(endPoint);
            case string text when PathIn(text) is { Length: > 0 } path:
                return Address.OfPath(cmdlet.FullPath(path));
            case string text when HostAddress.TryParse(text, 0, out HostAddress? where):
                return cmdlet.Resolve(host, where.Host, where.Port);
            default:
                cmdlet.ThrowTerminatingError(Errors.InvalidReceiver(given));
                throw new PSInvalidOperationException();
        }
    }

    /// <summary>Makes the path of a UNIX socket independent of the current location.</summary>
    public static string FullPath(this PSCmdlet cmdlet, string path) =>
        path.StartsWith('@') ? path : cmdlet.GetUnresolvedProviderPathFromPSPath(path);

    private static string? PathIn(string text) =>
        text.StartsWith(UnixPrefix, StringComparison.OrdinalIgnoreCase) ? text[UnixPrefix.Length..]
        : text.StartsWith('@') || text.Contains('/', StringComparison.Ordinal) ? text
        : null;
}
