using System.Net.Sockets;
using System.Runtime.Versioning;

namespace TwistedPS.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class UnixSocketFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("twistedps").FullName;

    private string SocketPath => Path.Combine(_folder, "x.sock");

    [UnixTheory]
    [InlineData(SocketType.Stream)]
    [InlineData(SocketType.Dgram)]
    public void A_file_that_nobody_serves_is_replaced(SocketType type)
    {
        using (var gone = new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified))
            UnixSocketFile.Bind(gone, Address.OfPath(SocketPath));
        Assert.True(File.Exists(SocketPath));
        using Socket next = NewSocket();
        Assert.NotNull(UnixSocketFile.Bind(next, Address.OfPath(SocketPath)));
    }

    [UnixTheory]
    [InlineData(SocketType.Stream)]
    [InlineData(SocketType.Dgram)]
    public void A_file_that_is_served_is_in_use_whatever_the_type(SocketType type)
    {
        using var served = new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified);
        UnixSocketFile.Bind(served, Address.OfPath(SocketPath));
        if (type == SocketType.Stream)
            served.Listen();
        SocketException error = Fails();
        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
        Assert.Equal("A server listens there.", error.Message);
        Assert.True(File.Exists(SocketPath));
    }

    [UnixFact]
    public void A_server_with_no_room_for_more_is_in_use_as_well()
    {
        using Socket served = Listen(backlog: 0);
        using Socket waiting = NewSocket();
        waiting.Connect(new UnixDomainSocketEndPoint(SocketPath));
        Assert.Equal(SocketError.AddressAlreadyInUse, Fails().SocketErrorCode);
    }

    [UnixFact]
    public void A_file_that_is_no_socket_is_kept()
    {
        File.WriteAllText(SocketPath, "precious");
        SocketException error = Fails();
        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
        Assert.Equal("It is a file, and no socket.", error.Message);
        Assert.Equal("precious", File.ReadAllText(SocketPath));
    }

    [UnixFact]
    public void A_link_to_a_socket_that_nobody_serves_is_kept()
    {
        using (Listen())
        {
        }

        string link = Path.Combine(_folder, "link.sock");
        File.CreateSymbolicLink(link, SocketPath);
        using Socket socket = NewSocket();
        Assert.Throws<SocketException>(() => UnixSocketFile.Bind(socket, Address.OfPath(link)));
        Assert.NotNull(File.ResolveLinkTarget(link, returnFinalTarget: false));
    }

    [UnixFact]
    public void The_file_has_its_mode_before_anybody_can_connect()
    {
        using Socket socket = NewSocket();
        UnixSocketFile.Bind(socket, Address.OfPath(SocketPath), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite, File.GetUnixFileMode(SocketPath));
        using Socket early = NewSocket();
        Assert.Throws<SocketException>(() => early.Connect(new UnixDomainSocketEndPoint(SocketPath)));
    }

    [UnixFact]
    public void It_is_removed_but_not_by_the_end_of_the_socket_alone()
    {
        using Socket socket = NewSocket();
        UnixSocketFile file = UnixSocketFile.Bind(socket, Address.OfPath(SocketPath))!;
        file.Remove();
        Assert.False(File.Exists(SocketPath));
        File.WriteAllText(SocketPath, "of somebody else");
        file.Remove();
        socket.Dispose();
        Assert.Equal("of somebody else", File.ReadAllText(SocketPath));
    }

    [UnixFact]
    public void A_socket_that_has_taken_its_place_is_kept()
    {
        using Socket socket = NewSocket();
        UnixSocketFile file = UnixSocketFile.Bind(socket, Address.OfPath(SocketPath))!;
        File.Delete(SocketPath);
        using Socket other = Listen();
        file.Remove();
        socket.Dispose();
        using Socket client = NewSocket();
        client.Connect(new UnixDomainSocketEndPoint(SocketPath));
    }

    [UnixFact]
    public void An_abstract_name_has_no_file_and_is_in_use_while_it_is_bound()
    {
        Address address = Carrier.Unix.Address();
        using (Socket first = NewSocket())
        {
            Assert.Null(UnixSocketFile.Bind(first, address));
            using Socket second = NewSocket();
            Assert.Equal("A server listens there.", Assert.Throws<SocketException>(() => UnixSocketFile.Bind(second, address)).Message);
        }

        using Socket next = NewSocket();
        Assert.Null(UnixSocketFile.Bind(next, address));
    }

    [UnixFact]
    public void A_missing_folder_is_named_as_such()
    {
        using Socket socket = NewSocket();
        SocketException error = Assert.Throws<SocketException>(() => UnixSocketFile.Bind(socket, Address.OfPath(Path.Combine(_folder, "no/x.sock"))));
        Assert.Equal((SocketError.AddressNotAvailable, "There is no such folder."), (error.SocketErrorCode, error.Message));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private Socket Listen(int backlog = 10)
    {
        Socket socket = NewSocket();
        UnixSocketFile.Bind(socket, Address.OfPath(SocketPath));
        socket.Listen(backlog);
        return socket;
    }

    private SocketException Fails()
    {
        using Socket socket = NewSocket();
        return Assert.Throws<SocketException>(() => UnixSocketFile.Bind(socket, Address.OfPath(SocketPath)));
    }
}
