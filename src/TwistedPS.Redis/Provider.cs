using System.Net.Sockets;
using StackExchange.Redis;
using TwistedPS.Engine.Groups;

namespace TwistedPS.Redis;

/// <summary>Connects to a Redis server, or to one that is compatible.</summary>
internal sealed class Provider : IBackplaneProvider
{
    private const int DefaultPort = 6379;

    // So that all nodes hear each other within 5 s of the broker's return.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_attempt = TimeSpan.FromSeconds(2);

    public async Task<IBackplane> ConnectAsync(BrokerPlace place, CancellationToken cancel)
    {
        int port = place.Port < 0 ? DefaultPort : place.Port;
        string address = $"{place.Scheme}://{place.Host}:{port}";
        var sockets = new BrokerSockets();
        ConfigurationOptions options = OptionsFor(place, port, sockets);
        Task<ConnectionMultiplexer>? connecting = null;
        try
        {
            if (WhyNot(place.Scheme, address, await place.AskAsync(DefaultPort, cancel).ConfigureAwait(false)) is { } mistake)
                throw mistake;
            connecting = ConnectionMultiplexer.ConnectAsync(options);
            ConnectionMultiplexer connection = await connecting.WaitAsync(cancel).ConfigureAwait(false);
            if (connection.GetServer(options.EndPoints[0]).ServerType == ServerType.Cluster)
                throw new BackplaneException(BackplaneFault.Unreachable, $"The broker {address} can't be used: it is a Redis Cluster.");
            await Scripts.ProbeAsync(connection.GetDatabase()).WaitAsync(cancel).ConfigureAwait(false);
            return new RedisBackplane(connection, address, sockets);
        }
        catch (Exception e)
        {
            sockets.Abort();
            _ = EndAsync(connecting);
            if (e is RedisConnectionException && (e.InnerException is null || IsSilence(e.GetBaseException())))
                throw place.Scheme == "redis" && await place.HasTlsAsync(DefaultPort, cancel).ConfigureAwait(false)
                    ? BackplaneException.Encrypted(address, "rediss", e)
                    : BackplaneException.NotAnswering(address, "Redis", e);
            if (e.ToString().Contains("NOAUTH", StringComparison.Ordinal))
                throw new BackplaneException(BackplaneFault.Unauthorized, $"The broker {address} refuses: it wants a password.", e);
            if (RedisBackplane.IsLoss(e) || e is SocketException)
                throw BackplaneException.Connecting(address, e, error => error is RedisServerException);
            throw;
        }
    }

    // The client can't be told to give up, and may connect when nobody waits for it any more.
    private static async Task EndAsync(Task<ConnectionMultiplexer>? connecting)
    {
        try
        {
            if (connecting is not null)
                await (await connecting.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (RedisBackplane.IsLoss(e))
        {
            // It has given up by itself, and ended all that it began.
        }
    }

    private static BackplaneException? WhyNot(string scheme, string address, char? answer) => answer switch
    {
        null => null,
        '+' or '-' => scheme == "redis" ? null : BackplaneException.Unencrypted(address),
        _ => BackplaneException.OfOtherKind(address, "Redis"),
    };

    // The client itself may give up the handshake of TLS first, which then finds the end of the stream, or its socket closed.
    private static bool IsSilence(Exception error) =>
        error is IOException or ObjectDisposedException or SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.ConnectionAborted };

    private static ConfigurationOptions OptionsFor(BrokerPlace place, int port, BrokerSockets sockets) => new()
    {
        EndPoints = { { place.Host.Trim('[', ']'), port } },
        ClientName = place.Node,
        User = place.User,
        Password = place.Password,
        Ssl = place.Scheme == "rediss",
        SslHost = place.Host,
        AbortOnConnectFail = true,
        ConnectTimeout = (int)s_attempt.TotalMilliseconds,
        AsyncTimeout = (int)RedisWatch.Limit.TotalMilliseconds,
        SyncTimeout = (int)RedisWatch.Limit.TotalMilliseconds,
        KeepAlive = (int)s_attempt.TotalSeconds,
        HeartbeatInterval = s_pause,
        ReconnectRetryPolicy = new LinearRetry((int)s_attempt.TotalMilliseconds),

        BeforeSocketConnect = (_, use, socket) =>
        {
            sockets.Add(use, socket);

            // The client blocks a thread in the handshake of TLS, without a limit of its own.
            socket.ReceiveTimeout = socket.SendTimeout = (int)s_attempt.TotalMilliseconds;
        },

        // What is sent while the connection is lost must not arrive later.
        BacklogPolicy = BacklogPolicy.FailFast,

        // Keys and channels of the client's own, for brokers that take each other's place.
        TieBreaker = "",
        ConfigurationChannel = "",
        IncludeDetailInExceptions = false,
    };
}
