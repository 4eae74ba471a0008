using System.Net.Sockets;
using NATS.Client.Core;
using TwistedPS.Engine.Groups;

namespace TwistedPS.Nats;

/// <summary>Connects to a NATS server, and to others of its cluster when that is gone.</summary>
internal sealed class Provider : IBackplaneProvider
{
    private const int DefaultPort = 4222;

    // So that all nodes hear each other within 5 s of the broker's return.
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(500);

    // Two pings without an answer end a connection, so a node knows within 6 s that its way to the broker is cut. Until then the
    // kernel sends again by itself, at intervals that double: the connection would come back too late after a longer cut.
    private static readonly TimeSpan s_pingInterval = TimeSpan.FromSeconds(2);

    public async Task<IBackplane> ConnectAsync(BrokerPlace place, CancellationToken cancel)
    {
        string address = $"{place.Scheme}://{place.Host}:{(place.Port < 0 ? DefaultPort : place.Port)}";
        var sockets = new BrokerSockets();
        var connection = new NatsConnection(OptionsFor(place, address, sockets));
        try
        {
            if (await place.AskAsync(DefaultPort, cancel).ConfigureAwait(false) is not (null or 'I'))
                throw BackplaneException.OfOtherKind(address, "NATS");
            await connection.ConnectAsync().AsTask().WaitAsync(cancel).ConfigureAwait(false);
            return new NatsBackplane(connection, address, sockets);
        }
        catch (Exception e)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            if (e is not (NatsException or SocketException))
                throw;
            if (place.Scheme == "tls" && connection.ServerInfo is { TlsRequired: false, TlsAvailable: false })
                throw BackplaneException.Unencrypted(address, e);
            throw e.GetBaseException() is TimeoutException
                ? BackplaneException.NotAnswering(address, "NATS", e)
                : BackplaneException.Connecting(address, e, IsRefusal);
        }
    }

    private static NatsOpts OptionsFor(BrokerPlace place, string address, BrokerSockets sockets) => new()
    {
        Url = address,
        Name = place.Node,
        AuthOpts = AuthenticationOf(place),
        ReconnectWaitMin = s_shortestPause,
        ReconnectWaitMax = s_longestPause,
        MaxReconnectRetry = -1,
        PingInterval = s_pingInterval,
        SocketConnectionFactory = new NatsSockets(sockets),

        // A broker that comes back may not know the user yet.
        IgnoreAuthErrorAbort = true,
        TlsOpts = place.Scheme == "tls" ? new NatsTlsOpts { Mode = TlsMode.Require } : NatsTlsOpts.Default,
    };

    private static NatsAuthOpts AuthenticationOf(BrokerPlace place) => place switch
    {
        { User: { } user } => new NatsAuthOpts { Username = user, Password = place.Password },
        { Password: { } token } => new NatsAuthOpts { Token = token },
        _ => NatsAuthOpts.Default,
    };

    private static bool IsRefusal(Exception error) =>
        error is NatsServerException || error.Message.Contains("authorization", StringComparison.OrdinalIgnoreCase);
}
