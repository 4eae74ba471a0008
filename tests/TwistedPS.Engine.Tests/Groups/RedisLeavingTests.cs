using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using StackExchange.Redis;
using TwistedPS.Redis;

namespace TwistedPS.Tests;

/// <summary>What is still under way when a node leaves Redis, whose client is then disposed.</summary>
public sealed class RedisLeavingTests
{
    [Fact]
    public async Task A_message_that_fails_after_the_end_is_an_error_that_nobody_sees()
    {
        var errors = new ConcurrentQueue<string>();
        void Collect(object? sender, UnobservedTaskExceptionEventArgs unobserved) => errors.Enqueue(unobserved.Exception.ToString());
        TaskScheduler.UnobservedTaskException += Collect;
        try
        {
            await LeaveWhileSendingAsync();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Collect;
        }

        Assert.DoesNotContain(errors, error => error.Contains("TwistedPS.Redis", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_value_asked_for_after_the_end_was_not_got()
    {
        IDatabase database = FakeRedis.Of<IDatabase>(_ => throw new ObjectDisposedException("Redis"));
        await Assert.ThrowsAsync<BackplaneException>(() => new RedisStore(database, "values", "redis://a").GetAsync("key", default));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task LeaveWhileSendingAsync()
    {
        var sent = new TaskCompletionSource();
        var answer = new TaskCompletionSource<RedisResult>();
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IDatabase database = FakeRedis.Of<IDatabase>(method =>
        {
            if (method.Name != nameof(IDatabase.ScriptEvaluateAsync))
                return Task.FromResult(TimeSpan.Zero);
            sent.SetResult();
            return answer.Task;
        });
        ISubscriber subscriber = FakeRedis.Of<ISubscriber>(_ => Task.FromResult(TimeSpan.Zero));
        IConnectionMultiplexer connection = FakeRedis.Of<IConnectionMultiplexer>(method =>
        {
            switch (method.Name)
            {
                case nameof(IConnectionMultiplexer.GetDatabase):
                    return database;
                case nameof(IConnectionMultiplexer.GetSubscriber):
                    return subscriber;
                case nameof(IAsyncDisposable.DisposeAsync):
                    left.SetResult();
                    return default(ValueTask);
                default:
                    return null;
            }
        });
        var backplane = new RedisBackplane(connection, "redis://a", new BrokerSockets());
        backplane.Publish("a", new Payload(PayloadKind.Text, "b"u8.ToArray()));
        await sent.Task;
        backplane.Dispose();
        await left.Task;
        answer.SetException(new ObjectDisposedException("Redis"));
    }
}
