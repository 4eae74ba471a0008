namespace TwistedPS.Tests;

public sealed class LogFollowerTests : IDisposable
{
    private readonly ManualClock _time = new();
    private readonly ReactorLog _log;
    private readonly LogFollower _follower = new();

    public LogFollowerTests() => _log = new ReactorLog(_time, "Echo");

    public void Dispose() => _follower.Dispose();

    [Fact]
    public void Entries_that_are_there_come_first_and_then_those_that_come()
    {
        _log.Add(LogLevel.Debug, "a");
        _follower.Add(_log);
        _log.Add(LogLevel.Debug, "b");
        Assert.Equal(["a", "b"], _follower.ReadPast().Select(entry => entry.Message));
        _log.Add(LogLevel.Debug, "c");
        Assert.Equal(["c"], ReadComing());
    }

    [Fact]
    public void Entries_of_several_logs_are_in_the_order_of_time()
    {
        var other = new ReactorLog(_time, "Other");
        foreach (string message in new[] { "a", "b", "c", "d" })
        {
            (message is "a" or "c" ? _log : other).Add(LogLevel.Debug, message);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _follower.Add(other);
        _follower.Add(_log);
        other.Add(LogLevel.Debug, "e");
        Assert.Equal(["a", "b", "c", "d", "e"], _follower.ReadPast().Select(entry => entry.Message));
    }

    [Fact]
    public void A_log_that_is_added_twice_is_followed_once()
    {
        _follower.Add(_log);
        _follower.Add(_log);
        _log.Add(LogLevel.Debug, "a");
        Assert.Equal(["a"], ReadComing());
    }

    [Fact]
    public async Task None_is_lost_or_doubled_while_entries_come_quickly()
    {
        using var enough = new CancellationTokenSource();
        using var begun = new SemaphoreSlim(0);
        int written = 0;
        Task writing = Task.Run(() =>
        {
            for (; !enough.IsCancellationRequested; written++)
            {
                _log.Add(LogLevel.Debug, $"{written}");
                if (written == 200)
                    begun.Release();
            }

            _follower.End();
        });
        await begun.WaitAsync().Soon();
        _follower.Add(_log);
        List<string> messages = [.. _follower.ReadPast().Select(entry => entry.Message)];
        while (await _follower.WaitAsync().Soon())
        {
            messages.AddRange(ReadComing());
            if (messages.Count > 5000)
                await enough.CancelAsync();
        }

        await writing.Soon();
        int first = int.Parse(messages[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(Enumerable.Range(first, written - first).Select(i => $"{i}"), messages);
    }

    [Fact]
    public async Task After_its_end_what_had_come_can_still_be_read()
    {
        _follower.Add(_log);
        _log.Add(LogLevel.Debug, "a");
        _follower.End();
        _log.Add(LogLevel.Debug, "b");
        Assert.True(await _follower.WaitAsync().Soon());
        Assert.Equal(["a"], ReadComing());
        Assert.False(await _follower.WaitAsync().Soon());
    }

    [Fact]
    public void A_log_is_left_alone_once_nobody_follows()
    {
        _follower.Add(_log);
        _follower.Dispose();
        _log.Add(LogLevel.Debug, "a");
        Assert.Empty(ReadComing());
    }

    private IEnumerable<string> ReadComing()
    {
        while (_follower.TryRead(out LogEntry? entry))
            yield return entry.Message;
    }
}
