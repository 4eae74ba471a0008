using System.Net;
using System.Net.Sockets;
using TwistedPS.Engine.Addresses;

namespace TwistedPS;

/// <summary>The way of a reactor from names to addresses (Twisted's <c>IHostnameResolver</c>).</summary>
public abstract class NameResolver
{
    private protected NameResolver()
    {
    }

    /// <summary>The resolver that asks the system.</summary>
    public static NameResolver System { get; } = new SystemResolver();

    /// <summary>Looks up the addresses of a name, in the order of preference. From any thread; does not block it.</summary>
    /// <exception cref="SocketException">In the task: the name is unknown, or can't be looked up.</exception>
    /// <exception cref="OperationCanceledException">In the task: <paramref name="cancel"/> was cancelled.</exception>
    internal abstract Task<IPAddress[]> LookUpAsync(string name, CancellationToken cancel);

    private protected static SocketException Unknown() => new((int)SocketError.HostNotFound);
}
