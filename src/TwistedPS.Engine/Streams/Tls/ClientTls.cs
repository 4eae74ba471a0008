using TwistedPS.Engine.Tls;
using TwistedPS.Engine.Transports;

namespace TwistedPS.Engine.Streams;

/// <summary>The TLS of clients: at the beginning of a connection, as part of the attempt to connect, or in mid-stream.</summary>
internal static class ClientTls
{
    /// <summary>
    /// Uses a transport that has just been connected, after a handshake if the client is to begin with one. On the reactor's
    /// thread only.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="transport">The transport.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>A task for the handshake; its error is that of the attempt.</returns>
    public static Task Open(this Client client, Transport transport, CancellationToken cancel)
    {
        if (client.Throttle is { } throttle)
            transport.Wrap(carrier => throttle.Wrap(carrier, transport.Loop));
        if (client.TlsSettings is not TlsClientSettings { OnRequest: false } tls)
        {
            client.Use(transport);
            return Task.CompletedTask;
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        CancellationTokenRegistration givesUp = cancel.Register(() => client.Reactor.Do(() => transport.Abort(CloseReason.Aborted)));
        client.Ended += Abandon;
        transport.DrainTime = client.Options.DrainTime;
        transport.Start(new UnservedProtocol((_, error) =>
        {
            StopWatching();
            done.TrySetException(error ?? new OperationCanceledException(cancel));
        }));
        TlsHandshake.Begin(transport, tls, error =>
        {
            StopWatching();
            if (error is not null)
                done.TrySetException(error);
            else
                Use(client, transport, done);
        });
        return done.Task;

        // The client ends before its attempt only when its reactor is gone.
        void Abandon()
        {
            transport.Abandon();
            done.TrySetCanceled(cancel);
        }

        void StopWatching()
        {
            client.Ended -= Abandon;
            givesUp.Dispose();
        }
    }

    /// <summary>Begins TLS on the connection of a client (STARTTLS). From any thread.</summary>
    /// <param name="client">The client.</param>
    /// <param name="settings">The settings; null for those of the client.</param>
    /// <returns>A task for the end of the handshake.</returns>
    /// <exception cref="NotConnectedException">In the task: it is not connected.</exception>
    /// <exception cref="InvalidOperationException">In the task: it can't begin.</exception>
    public static Task StartTlsAsync(this Client client, TlsClientSettings? settings) => client.Reactor
        .InvokeAsync(() => client.Connection is { } connection
            ? TlsStart.Begin(connection, settings ?? client.TlsSettings)
            : throw new NotConnectedException($"The {client} is not connected."))
        .Unwrap();

    private static void Use(Client client, Transport transport, TaskCompletionSource done)
    {
        try
        {
            client.Use(transport);
        }
        finally
        {
            done.TrySetResult();
        }
    }
}
