using System.Net;
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

    // The client takes a connection for dead that has been silent for four of these.
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(3);

    public async Task<IBackplane> ConnectAsync(BrokerPlace place, CancellationToken cancel)
    {
        int port = place.Port < 0 ? DefaultPort : place.Port;
        string address = $"{place.Scheme}://{place.Host}:{port}";
        ConfigurationOptions options = OptionsFor(place, port);
        ConnectionMultiplexer? connection = null;
        try
        {
            await ReachAsync(options.EndPoints[0], cancel).ConfigureAwait(false);
            connection = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(cancel).ConfigureAwait(false);
            if (connection.GetServer(options.EndPoints[0]).ServerType == ServerType.Cluster)
                throw new BackplaneException(BackplaneFault.Unreachable, $"The broker {address} can't be used: it is a Redis Cluster.");
            await Scripts.ProbeAsync(connection.GetDatabase()).WaitAsync(cancel).ConfigureAwait(false);
            return new RedisBackplane(connection, address);
        }
        catch (Exception e)
        {
            if (connection is not null)
                await connection.DisposeAsync().ConfigureAwait(false);
            if (e is RedisConnectionException && (e.InnerException is null || IsSilence(e.GetBaseException())))
                throw BackplaneException.NotAnswering(address, "Redis", e);
            if (RedisBackplane.IsLoss(e) || e is SocketException)
                throw BackplaneException.Connecting(address, e, error => error is RedisServerException);
            throw;
        }
    }

    private static bool IsSilence(Exception error) => error is SocketException { SocketErrorCode: SocketError.TimedOut };

    // The client itself does not say why it can't connect.
    private static async Task ReachAsync(EndPoint place, CancellationToken cancel)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(place, cancel).ConfigureAwait(false);
    }

    private static ConfigurationOptions OptionsFor(BrokerPlace place, int port) => new()
    {
        EndPoints = { { place.Host.Trim('[', ']'), port } },
        ClientName = place.Node,
        User = place.User,
        Password = place.Password,
        Ssl = place.Scheme == "rediss",
        SslHost = place.Host,
        AbortOnConnectFail = true,
        ConnectTimeout = (int)s_attempt.TotalMilliseconds,
        AsyncTimeout = (int)s_answer.TotalMilliseconds,
        SyncTimeout = (int)s_answer.TotalMilliseconds,
        KeepAlive = (int)s_attempt.TotalSeconds,
        HeartbeatInterval = s_pause,
        ReconnectRetryPolicy = new LinearRetry((int)s_attempt.TotalMilliseconds),

        // The client blocks a thread in the handshake of TLS, without a limit of its own.
        BeforeSocketConnect = (_, _, socket) => socket.ReceiveTimeout = socket.SendTimeout = (int)s_attempt.TotalMilliseconds,

        // What is sent while the connection is lost must not arrive later.
        BacklogPolicy = BacklogPolicy.FailFast,

        // Keys and channels of the client's own, for brokers that take each other's place.
        TieBreaker = "",
        ConfigurationChannel = "",
        IncludeDetailInExceptions = false,
    };
}
