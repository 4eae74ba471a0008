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
        IPAddress[] found = cmdlet.LookUp(host, name);
        IPAddress first = Array.Find(found, it => it.AddressFamily == AddressFamily.InterNetwork) ?? found[0];
        return Address.From(new IPEndPoint(first, port));
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

    private static string? PathIn(string text) =>
        text.StartsWith(UnixPrefix, StringComparison.OrdinalIgnoreCase) ? text[UnixPrefix.Length..]
        : text.StartsWith('@') || text.Contains('/', StringComparison.Ordinal) ? text
        : null;
}
