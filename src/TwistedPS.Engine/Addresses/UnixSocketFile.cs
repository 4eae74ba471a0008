using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Engine.Addresses;

/// <summary>
/// The file of a bound UNIX socket. One that nobody serves any more is replaced, and at the end the file is removed, unless
/// somebody else has put another in its place.
/// </summary>
internal sealed class UnixSocketFile
{
    private const string Served = "A server listens there.";

    private readonly string _path;
    private readonly FileIdentity? _identity;

    private UnixSocketFile(string path)
    {
        _path = path;
        _identity = FileIdentity.Of(path);
    }

    /// <summary>Binds a UNIX socket that is not listening yet, so that nobody can connect before the file has its mode.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="address">The address of a UNIX socket.</param>
    /// <param name="mode">The mode of the file; null leaves it to the mask of the process.</param>
    /// <returns>The file; null for an abstract name.</returns>
    /// <exception cref="SocketException">The path is in use or can't be used; the message says why.</exception>
    public static UnixSocketFile? Bind(Socket socket, Address address, UnixFileMode? mode = null)
    {
        if (address.FilePath is not { } path)
        {
            BindTo(socket, address.EndPoint!);
            return null;
        }

        Claim(path, socket.SocketType);
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
            throw Failure(SocketError.AddressNotAvailable, "There is no such folder.");
        BindTo(socket, new OwnFile(address.EndPoint!));
        var file = new UnixSocketFile(path);
        try
        {
            if (mode is { } wanted)
                SetMode(path, wanted);
            return file;
        }
        catch
        {
            file.Remove();
            throw;
        }
    }

    /// <summary>Makes room for a socket: removes the file of one that nobody serves.</summary>
    /// <param name="path">The path of the socket.</param>
    /// <param name="type">The type of the socket.</param>
    /// <exception cref="SocketException">Somebody serves there, or it is no socket, or can't be removed.</exception>
    public static void Claim(string path, SocketType type)
    {
        if (FileIdentity.Of(path) is not { } found)
            return;
        if (!found.IsSocket)
            throw Failure(SocketError.AddressAlreadyInUse, "It is a file, and no socket.");
        if (IsServed(path, type))
            throw Failure(SocketError.AddressAlreadyInUse, Served);
        Do("A socket that nobody serves can't be removed", () => File.Delete(path));
    }

    /// <summary>Sets the mode of the file.</summary>
    /// <exception cref="SocketException">It can't be set.</exception>
    public static void SetMode(string path, UnixFileMode mode) => Do("Its mode can't be set", () =>
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("Windows has no modes of files.");
        File.SetUnixFileMode(path, mode);
    });

    /// <summary>Removes the file, while its socket is still bound: its number can't belong to another file until then.</summary>
    public void Remove()
    {
        if (_identity is null || FileIdentity.Of(_path) != _identity)
            return;
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next server there finds that nobody serves it.
        }
    }

    private static void BindTo(Socket socket, EndPoint endPoint)
    {
        try
        {
            socket.Bind(endPoint);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw Failure(e.SocketErrorCode, Served);
        }
    }

    private static bool IsServed(string path, SocketType type)
    {
        using var probe = new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException e)
        {
            // A file that has gone meanwhile is no longer in the way, either.
            return e.SocketErrorCode is not (SocketError.ConnectionRefused or SocketError.AddressNotAvailable);
        }
    }

    private static void Do(string failure, Action change)
    {
        try
        {
            change();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            throw Failure(SocketError.AccessDenied, $"{failure}: {e.Message}");
        }
    }

    private static SocketException Failure(SocketError error, string message) => new((int)error, message);

    /// <summary>
    /// An end point that hides from .NET's socket that it has a file: the socket would delete whatever is there in the end.
    /// </summary>
    private sealed class OwnFile(EndPoint endPoint) : EndPoint
    {
        public override AddressFamily AddressFamily => endPoint.AddressFamily;

        public override SocketAddress Serialize() => endPoint.Serialize();

        public override EndPoint Create(SocketAddress socketAddress) => endPoint.Create(socketAddress);
    }
}
