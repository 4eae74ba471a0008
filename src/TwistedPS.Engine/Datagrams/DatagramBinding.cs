using System.Net;
using System.Net.Sockets;
using TwistedPS.Engine.Addresses;

namespace TwistedPS.Engine.Datagrams;

/// <summary>A bound socket for datagrams, with its options, its groups, and the file that a UNIX socket has.</summary>
internal sealed class DatagramBinding : IDisposable
{
    /// <summary>The control code of Windows that has a refusal of one peer fail the socket for all.</summary>
    private const int ReportConnectionReset = -1744830452;

    private readonly UnixSocketFile? _file;

    private DatagramBinding(Socket socket, DatagramOptions options, Address? local, Address? remote)
    {
        Socket = socket;
        Multicast = new Multicast(socket, options.MulticastInterface);
        if (local?.EndPoint is UnixDomainSocketEndPoint)
            _file = UnixSocketFile.Bind(socket, local, options.FileMode);
        else if (local is not null)
            socket.Bind(local.EndPoint!);
        try
        {
            if (remote is not null)
                socket.Connect(remote.EndPoint!);
            if (socket.AddressFamily != AddressFamily.Unix)
                Multicast.Configure(options.TimeToLive, options.MulticastLoopback);
            foreach (string group in options.MulticastGroups)
                Multicast.Join(group);
        }
        catch
        {
            _file?.Remove();
            throw;
        }

        IsConnected = remote is not null;
        LocalAddress = Address.From(socket.LocalEndPoint);
    }

    public Socket Socket { get; }

    public Multicast Multicast { get; }

    /// <summary>Whether it has a peer of its own.</summary>
    public bool IsConnected { get; }

    public Address LocalAddress { get; }

    /// <summary>Binds a socket that anybody may send to.</summary>
    /// <exception cref="SocketException">The address is in use, not one of this machine, or forbidden.</exception>
    /// <exception cref="FormatException">There is no such group or interface.</exception>
    public static DatagramBinding Bind(DatagramOptions options)
    {
        Address local = options.LocalAddress!;
        return Create(local.EndPoint!.AddressFamily, options, socket =>
        {
            if (IPAddress.IPv6Any.Equals(local.IP))
                socket.DualMode = true;
            if (OperatingSystem.IsWindows())
                socket.IOControl(ReportConnectionReset, [0], null);
            return new DatagramBinding(socket, options, local, null);
        });
    }

    /// <summary>Connects a socket, so that it receives from one peer only, and hears of refusals.</summary>
    /// <exception cref="SocketException">There is no way to the peer, or the local address is in use.</exception>
    /// <exception cref="FormatException">There is no such interface.</exception>
    public static DatagramBinding Connect(DatagramOptions options, Address remote) =>
        Create(remote.EndPoint!.AddressFamily, options, socket => new DatagramBinding(socket, options, options.LocalAddress ?? NameFor(remote), remote));

    public void Dispose()
    {
        // While the socket is still bound: nobody else can have the file meanwhile.
        _file?.Remove();
        Socket.Dispose();
    }

    private static DatagramBinding Create(AddressFamily family, DatagramOptions options, Func<Socket, DatagramBinding> create)
    {
        var socket = new Socket(family, SocketType.Dgram, family == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Udp);
        try
        {
            if (options.ReuseAddress)
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            if (options.AllowBroadcast)
                socket.EnableBroadcast = true;
            return create(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Returns a name to which a server can answer, as a UNIX socket has none by itself.</summary>
    private static Address? NameFor(Address remote)
    {
        if (remote.EndPoint is not UnixDomainSocketEndPoint)
            return null;
        string name = $"twistedps-{Guid.NewGuid():N}";
        return Address.OfPath(OperatingSystem.IsLinux() ? $"@{name}" : Path.Combine(Path.GetTempPath(), $"{name}.sock"));
    }
}
