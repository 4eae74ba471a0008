using TwistedPS.Engine.Tls;
using TwistedPS.Engine.Transports;

namespace TwistedPS.Engine.Streams;

/// <summary>
/// The connections of a server that are none yet, as their handshakes have not succeeded: no handler has heard of them. On the
/// reactor's thread only.
/// </summary>
/// <param name="lost">Called when one that never became a connection has ended.</param>
internal sealed class ServerHandshakes(Action<Transport> lost)
{
    private readonly HashSet<Transport> _transports = [];

    /// <summary>Begins one; if it succeeds, the connection starts.</summary>
    public void Begin(Connection connection, Transport transport, TlsServerSettings settings, Action started)
    {
        _transports.Add(transport);
        transport.DrainTime = connection.Owner.Options.DrainTime;
        transport.Start(new UnservedProtocol((reason, error) =>
        {
            _transports.Remove(transport);
            if (reason != CloseReason.TlsFailed)
                Log(connection, transport, NetworkService.Describe(reason, error));
            lost(transport);
        }));
        TlsHandshake.Begin(transport, settings, error =>
        {
            if (error is null && _transports.Remove(transport))
                started();
            else
                Log(connection, transport, error!.Message);
        });
    }

    private static void Log(Connection connection, Transport transport, string why) => connection.Owner.ReactorLog.Add(
        LogLevel.Warning, connection.Number, transport.RemoteAddress.Host, $"TLS handshake failed: {why}");

    public void Abort(CloseReason reason)
    {
        foreach (Transport transport in _transports.ToArray())
            transport.Abort(reason);
    }

    public void Abandon()
    {
        foreach (Transport transport in _transports)
            transport.Abandon();
    }
}
