using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Engine.Transports;

/// <summary>The maker of connections to UNIX sockets.</summary>
internal static class UnixConnector
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Connects to the server at a path.</summary>
    /// <param name="path">The path, or after an @ an abstract name.</param>
    /// <param name="timeout">The time limit.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Cancels the attempt.</param>
    /// <exception cref="SocketException">The path is invalid, or nobody serves it.</exception>
    /// <exception cref="TimeoutException">The server had no room in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was cancelled.</exception>
    public static async Task<Socket> ConnectAsync(string path, TimeSpan timeout, TimeProvider time, CancellationToken cancel)
    {
        EndPoint server = Address.OfPath(path).EndPoint!;
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            while (true)
            {
                if (await TryAsync(server, either.Token).ConfigureAwait(false) is { } socket)
                    return socket;
                await Task.Delay(s_pause, time, either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"{path} did not answer within {timeout.TotalSeconds:0.###} s.");
        }
    }

    /// <returns>The socket; null while as many wait to be accepted as the server lets: the system does not queue there.</returns>
    private static async Task<Socket?> TryAsync(EndPoint server, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(server, cancel).ConfigureAwait(false);
            return socket;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.TryAgain)
        {
            socket.Dispose();
            return null;
        }
        catch (OutOfMemoryException e)
        {
            // So .NET says that the system lets it watch no other socket.
            socket.Dispose();
            throw new SocketException((int)SocketError.NoBufferSpaceAvailable, e.Message);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
