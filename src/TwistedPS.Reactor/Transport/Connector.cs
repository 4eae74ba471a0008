using System.Net.Sockets;

namespace TwistedPS;

/// <summary>Makes outgoing connections. Runs on .NET's thread pool, since looking up a name may block.</summary>
internal static class Connector
{
    /// <summary>Connects to the first of the host's addresses that answers.</summary>
    /// <exception cref="SocketException">The name is unknown, or no address answered.</exception>
    /// <exception cref="TimeoutException">Nothing answered in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was cancelled.</exception>
    public static async Task<Socket> ConnectAsync(
        string host, int port, TimeSpan timeout, TimeProvider time, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(host, port, either.Token).ConfigureAwait(false);
            return socket;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            socket.Dispose();
            throw new TimeoutException($"{host}:{port} did not answer within {timeout.TotalSeconds:0.###} s.");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
