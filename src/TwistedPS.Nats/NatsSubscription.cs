using NATS.Client.Core;
using TwistedPS.Engine.Groups;

namespace TwistedPS.Nats;

/// <summary>A subscription at a NATS server, which the client renews by itself when it has connected again.</summary>
internal sealed class NatsSubscription(NatsConnection connection, string pattern, string? queue, Action<BackplaneMessage> received) : IDisposable
{
    private static readonly NatsSubOpts s_options = new() { ChannelOpts = new NatsSubChannelOpts { Capacity = 100_000 } };

    private readonly CancellationTokenSource _ended = new();

    /// <summary>Subscribes.</summary>
    public async ValueTask BeginAsync(CancellationToken cancel)
    {
        if (_ended.IsCancellationRequested)
            return;
        INatsSub<byte[]> subscription = await connection
            .SubscribeCoreAsync<byte[]>(pattern, queue, opts: s_options, cancellationToken: cancel).ConfigureAwait(false);
        _ = ReceiveAsync(subscription);
    }

    public void Dispose() => _ended.Cancel();

    private async Task ReceiveAsync(INatsSub<byte[]> subscription)
    {
        try
        {
            await foreach (NatsMsg<byte[]> message in subscription.Msgs.ReadAllAsync(_ended.Token).ConfigureAwait(false))
                received(new BackplaneMessage(message.Subject, Headers.PayloadOf(message), message.ReplyTo));
        }
        catch (OperationCanceledException)
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
        }
    }
}
