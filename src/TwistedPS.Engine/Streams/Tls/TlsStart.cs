using System.Buffers;
using TwistedPS.Engine.Tls;
using TwistedPS.Engine.Transports;

namespace TwistedPS.Engine.Streams;

/// <summary>
/// The beginning of TLS on a connection that is open already (STARTTLS). What was written before goes in plain text, and what
/// is written after is encrypted. What the peer has sent in plain text behind its request, handled or not, is dropped: it could
/// be anybody's. On the reactor's thread only.
/// </summary>
internal sealed class TlsStart
{
    private readonly Connection _connection;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _unreceived;

    private TlsStart(Connection connection, ITlsSettings settings)
    {
        _connection = connection;
        connection.Output.SendEarlier();
        connection.Producer.Pause(this);
        var unreceived = new ArrayBufferWriter<byte>();
        connection.Owner.WriteQueued(unreceived);
        _unreceived = unreceived.WrittenCount;
        connection.Receiver.Restart();
        connection.Ended += Lost;
        TlsHandshake.Begin(connection.Transport!, settings, HandshakeEnded);
    }

    /// <summary>Begins it.</summary>
    /// <returns>A task for the end of the handshake.</returns>
    /// <exception cref="NotConnectedException">The connection is closed or closing.</exception>
    /// <exception cref="InvalidOperationException">It can't begin: see the message.</exception>
    public static Task Begin(Connection connection, ITlsSettings? settings)
    {
        Check(connection, settings);
        return new TlsStart(connection, settings!)._done.Task;
    }

    /// <inheritdoc cref="Begin"/>
    /// <summary>Begins it, from any thread.</summary>
    public static void From(Connection connection, ITlsSettings? settings)
    {
        Check(connection, settings);
        connection.Reactor.Do(() => Begin(connection, settings).ContinueWith(it => it.Exception, TaskScheduler.Default));
    }

    private static void Check(Connection connection, ITlsSettings? settings)
    {
        if (connection.Transport is not { IsOpen: true, Output: not null } transport)
            throw connection.NotConnected();
        if (connection.Request is not null)
            throw new InvalidOperationException($"The connection {connection} is a WebSocket, whose web server has the TLS.");
        if (settings is null)
            throw new InvalidOperationException($"The {connection.Owner} has no settings for TLS.");
        if (transport.Tls is not null)
            throw new InvalidOperationException($"TLS has begun on the connection {connection} already.");
        if (connection.IsRelayed)
            throw new InvalidOperationException($"The connection {connection} is relayed.");
    }

    private void HandshakeEnded(Exception? error)
    {
        _connection.Ended -= Lost;
        long dropped = _unreceived + _connection.Receiver.Dropped;
        if (dropped > 0)
            _connection.Log(LogLevel.Warning, $"Dropped {dropped} bytes that had come in plain text before TLS began.");
        if (error is null)
        {
            _connection.Log(LogLevel.Information, $"Encrypted with {_connection.Tls}");
            _connection.Producer.Resume(this);
            _done.SetResult();
        }
        else
        {
            _connection.Log(LogLevel.Warning, $"TLS handshake failed: {error.Message}");
            _connection.Close(CloseReason.TlsFailed, error);
            _done.SetException(error);
        }
    }

    private void Lost() => _done.TrySetException(_connection.NotConnected());
}
