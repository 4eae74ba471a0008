using System.Net;
using System.Threading.Channels;

namespace TwistedPS.Tests;

/// <summary>
/// Happy Eyeballs without a network: the test answers the lookup and each attempt, and advances the clock.
/// </summary>
internal sealed class HappyEyeballsRig
{
    public const int Port = 1234;
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly Channel<FakeAttempt> _started = Channel.CreateUnbounded<FakeAttempt>();

    public ManualClock Time { get; } = new();

    public TaskCompletionSource<IPAddress[]> Lookup { get; } = new();

    public List<string> LookedUp { get; } = [];

    public bool ConnectsWhenCancelled { get; init; }

    public bool OneAtATime { get; init; }

    public bool HasStartedAnother => _started.Reader.TryPeek(out _);

    public Task<FakeAttempt> ConnectAsync(string host, CancellationToken cancel = default)
    {
        var addresses = new HappyEyeballs<FakeAttempt>(LookUp, Attempt, Time) { OneAtATime = OneAtATime };
        return addresses.ConnectAsync(host, Port, Timeout, cancel);
    }

    /// <summary>Connects to a name with the given addresses.</summary>
    public Task<FakeAttempt> ConnectAsync(string[] addresses, CancellationToken cancel = default)
    {
        Lookup.SetResult([.. addresses.Select(IPAddress.Parse)]);
        return ConnectAsync("name", cancel);
    }

    /// <summary>Returns the next attempt to start.</summary>
    public Task<FakeAttempt> NextAsync() => _started.Reader.ReadAsync().AsTask().Soon();

    public Task AdvanceAsync(double seconds) => Task.Run(() => Time.Advance(TimeSpan.FromSeconds(seconds)));

    private Task<IPAddress[]> LookUp(string host, CancellationToken cancel)
    {
        LookedUp.Add(host);
        return Lookup.Task;
    }

    private Task<FakeAttempt> Attempt(IPEndPoint endPoint, CancellationToken cancel)
    {
        var attempt = new FakeAttempt(endPoint, Time.Elapsed, ConnectsWhenCancelled, cancel);
        Assert.True(_started.Writer.TryWrite(attempt));
        return attempt.Result;
    }
}
