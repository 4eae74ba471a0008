using NATS.Client.Core;
using TwistedPS.Nats;

namespace TwistedPS.Tests;

/// <summary>What is asked of NATS when a node has left, whose client is then disposed.</summary>
public sealed class NatsLeavingTests
{
    [Fact]
    public async Task A_value_asked_for_after_the_end_was_not_got()
    {
        var connection = new NatsConnection();
        await connection.DisposeAsync();
        var error = await Assert.ThrowsAsync<BackplaneException>(() => new NatsStore(connection, "values", "nats://a").GetAsync("key", default));
        Assert.Equal(BackplaneFault.Disconnected, error.Fault);
    }
}
