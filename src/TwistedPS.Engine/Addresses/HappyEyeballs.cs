using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Engine.Addresses;

/// <summary>
/// A connector that tries the addresses of a host in parallel, each a little after the one before, and keeps the first that
/// connects: RFC 8305, known as Happy Eyeballs (Twisted's <c>HostnameEndpoint</c>).
/// </summary>
/// <param name="lookUp">Looks up the addresses of a name, in the system's order of preference.</param>
/// <param name="attempt">
/// Connects to one address. It fails with a <see cref="SocketException"/>, and must end promptly when cancelled.
/// </param>
/// <param name="time">The clock of all delays and timeouts.</param>
internal sealed class HappyEyeballs<T>(
    Func<string, CancellationToken, Task<IPAddress[]>> lookUp,
    Func<IPEndPoint, CancellationToken, Task<T>> attempt,
    TimeProvider time)
    where T : IDisposable
{
    private static readonly TimeSpan s_attemptDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether an address is tried only after the one before has failed.</summary>
    public bool OneAtATime { get; init; }

    /// <param name="host">A name, or an address, which needs no lookup.</param>
    /// <param name="port">The port of the host.</param>
    /// <param name="timeout">The time limit for the lookup and all attempts together.</param>
    /// <param name="cancel">Cancels the lookup and all attempts.</param>
    /// <exception cref="SocketException">The name is unknown, or no address answered.</exception>
    /// <exception cref="TimeoutException">Nothing answered in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was cancelled.</exception>
    public async Task<T> ConnectAsync(string host, int port, TimeSpan timeout, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            IPAddress[] addresses = await FindAsync(host, either.Token).ConfigureAwait(false);
            var endPoints = new Queue<IPEndPoint>(InOrder(addresses).Select(address => new IPEndPoint(address, port)));
            return await RaceAsync(endPoints, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"{host}:{port} did not answer within {timeout.TotalSeconds:0.###} s.");
        }
    }

    private async Task<IPAddress[]> FindAsync(string host, CancellationToken cancel)
    {
        if (IPAddress.TryParse(host, out IPAddress? literal))
            return [literal];
        // It may not heed the token.
        IPAddress[] addresses = await lookUp(host, cancel).WaitAsync(cancel).ConfigureAwait(false);
        return addresses.Length > 0 ? addresses : throw new SocketException((int)SocketError.NoData);
    }

    /// <summary>Alternates IPv6 and IPv4, since usually a whole family fails.</summary>
    private static IEnumerable<IPAddress> InOrder(IPAddress[] addresses) => addresses
        .Select(address => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
        .GroupBy(address => address.AddressFamily)
        .SelectMany(family => family.Select((address, place) => (Address: address, Place: place)))
        .OrderBy(it => it.Place)
        .ThenBy(it => it.Address.AddressFamily != AddressFamily.InterNetworkV6)
        .Select(it => it.Address);

    private async Task<T> RaceAsync(Queue<IPEndPoint> endPoints, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var attempts = new List<Task<T>>();
        var failures = new List<SocketException>();
        Task turn = Task.CompletedTask;
        try
        {
            while (endPoints.Count + attempts.Count > 0)
            {
                cancel.ThrowIfCancellationRequested();
                if (turn.IsCompleted && endPoints.TryDequeue(out IPEndPoint? endPoint))
                {
                    turn = Task.Delay(OneAtATime ? Timeout.InfiniteTimeSpan : s_attemptDelay, time, stop.Token);
                    attempts.Add(attempt(endPoint, stop.Token));
                }

                Task ended = await Task.WhenAny(endPoints.Count > 0 ? [.. attempts, turn] : attempts).ConfigureAwait(false);
                if (ended is not Task<T> connecting)
                    continue;
                if (connecting == attempts[^1])
                    turn = Task.CompletedTask;
                attempts.Remove(connecting);
                try
                {
                    return await connecting.ConfigureAwait(false);
                }
                catch (SocketException e)
                {
                    failures.Add(e);
                }
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(attempts.Select(CloseAsync)).ConfigureAwait(false);
        }

        throw MostTelling(failures);
    }

    /// <summary>Closes the connection that a loser may have made just as it was cancelled.</summary>
    private static async Task CloseAsync(Task<T> loser)
    {
        await ((Task)loser).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (loser.IsCompletedSuccessfully)
            loser.Result.Dispose();
    }

    /// <summary>Prefers a refusal, since the host is up; no route may only mean that this machine has no IPv6.</summary>
    private static SocketException MostTelling(List<SocketException> failures) => failures
        .OrderBy(failure => failure.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => 2,
            SocketError.NetworkUnreachable or SocketError.HostUnreachable => 0,
            SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported => 0,
            _ => 1,
        })
        .Last();
}
