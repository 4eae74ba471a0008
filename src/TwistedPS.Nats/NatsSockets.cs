using NATS.Client.Core;
using TwistedPS.Engine.Groups;

namespace TwistedPS.Nats;

/// <summary>Makes the connections of a client, whose sockets are among those of the broker.</summary>
internal sealed class NatsSockets(BrokerSockets sockets) : INatsSocketConnectionFactory
{
    public async ValueTask<INatsSocketConnection> ConnectAsync(Uri uri, NatsOpts opts, CancellationToken cancellationToken)
    {
        var connection = new NatsSocket();
        try
        {
            sockets.Add(this, connection.Socket);
            await connection.Socket.ConnectAsync(uri.Host, uri.Port, cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
