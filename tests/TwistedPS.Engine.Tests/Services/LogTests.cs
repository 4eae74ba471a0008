namespace TwistedPS.Tests;

public sealed class LogTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly ManualClock _time = new()
    {
        Start = new DateTimeOffset(2011, 8, 29, 11, 32, 35, TimeSpan.Zero),
        Zone = TimeZoneInfo.CreateCustomTimeZone("Two", TimeSpan.FromHours(2), "Two", "Two"),
    };

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(2, "2011-08-29 13:32:35+0200 [Echo,0,127.0.0.1] text")]
    [InlineData(0, "2011-08-29 13:32:35+0000 [Echo,0,127.0.0.1] text")]
    [InlineData(-9.5, "2011-08-29 13:32:35-0930 [Echo,0,127.0.0.1] text")]
    public void An_entry_is_written_with_time_source_and_text(double hours, string line)
    {
        var time = new DateTimeOffset(2011, 8, 29, 13, 32, 35, TimeSpan.FromHours(hours));
        Assert.Equal(line, new LogEntry(time, LogLevel.Information, "Echo,0,127.0.0.1", "text").ToString());
    }

    [Theory]
    [InlineData("a\rb", @"a\rb")]
    [InlineData("a\nb", @"a\nb")]
    [InlineData("a\r\nb", @"a\r\nb")]
    [InlineData("a\u2028b", @"a\u2028b")]
    [InlineData("a\u001B[2Jb\t", "a\\e[2Jb\t")]
    public void A_text_with_control_characters_is_one_line(string text, string shown)
    {
        var entry = new LogEntry(DateTimeOffset.UnixEpoch, LogLevel.Information, "Echo", text);
        Assert.Equal($"1970-01-01 00:00:00+0000 [Echo] {shown}", entry.ToString());
        Assert.Equal(text, entry.Message);
    }

    [Fact]
    public void An_entry_has_local_time_level_and_source()
    {
        ReactorLog log = NewLog();
        log.Add(LogLevel.Warning, "text");
        LogEntry entry = Assert.Single(log.Entries);
        Assert.Equal(LogLevel.Warning, entry.Level);
        Assert.Equal("2011-08-29 13:32:35+0200 [Echo] text", entry.ToString());
    }

    [Fact]
    public void An_entry_about_a_connection_names_it()
    {
        using var reactor = new Reactor(time: _time);
        var options = new ServerOptions { Name = "Echo" };
        using var server = new LineServer(reactor, options, new LineFormat(), new RecordingHandler());
        new LineConnection(server.Part, 7, new LineFormat(), (_, _) => { }).Log(LogLevel.Information, "text");
        Assert.Equal("2011-08-29 13:32:35+0200 [Echo,7,memory] text", server.Log.Single().ToString());
    }

    [Fact]
    public void The_last_1000_entries_are_kept()
    {
        ReactorLog log = NewLog();
        for (int i = 0; i < 1500; i++)
            log.Add(LogLevel.Debug, $"{i}");
        Assert.Equal(Enumerable.Range(500, 1000).Select(i => $"{i}"), log.Entries.Select(entry => entry.Message));
    }

    [Fact]
    public async Task The_file_has_every_entry_since_it_was_opened_after_what_it_held()
    {
        await File.WriteAllTextAsync(_path, "before\n");
        ReactorLog log = NewLog();
        log.Add(LogLevel.Debug, "not written");
        log.OpenFile(_path);
        for (int i = 0; i < 5000; i++)
            log.Add(LogLevel.Information, $"{i} é");
        await log.Written.Soon();
        string[] expected =
            ["before", .. Enumerable.Range(0, 5000).Select(i => $"2011-08-29 13:32:35+0200 [Echo] {i} é")];
        Assert.Equal(expected, await File.ReadAllLinesAsync(_path));
    }

    [Fact]
    public async Task Entries_of_many_threads_are_all_written()
    {
        ReactorLog log = NewLog();
        log.OpenFile(_path);
        await Parallel.ForAsync(0, 2000, (i, _) =>
        {
            log.Add(LogLevel.Information, $"{i}");
            return ValueTask.CompletedTask;
        });
        await log.Written.Soon();
        Assert.Equal(2000, (await File.ReadAllLinesAsync(_path)).Distinct().Count());
    }

    [Fact]
    public async Task Once_all_is_written_the_file_is_free_for_others()
    {
        ReactorLog log = NewLog();
        log.OpenFile(_path);
        for (int round = 1; round <= 3; round++)
        {
            log.Add(LogLevel.Information, "text");
            await log.Written.Soon();
            await using var alone = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            Assert.Equal(round * "2011-08-29 13:32:35+0200 [Echo] text".Length + (round * Environment.NewLine.Length), alone.Length);
        }
    }

    [Fact]
    public void A_file_that_cannot_be_opened_is_an_error() =>
        Assert.ThrowsAny<IOException>(() => NewLog().OpenFile(Path.Combine(_path, "none", "x.log")));

    [Fact]
    public void Entries_below_the_level_are_not_kept()
    {
        ReactorLog all = NewLog();
        var log = new ReactorLog(_time, "Timer", all) { Level = LogLevel.Warning };
        log.Add(LogLevel.Information, "no");
        log.Add(LogLevel.Warning, "yes");
        Assert.Equal("yes", Assert.Single(log.Entries).Message);
        Assert.Equal("Timer", Assert.Single(all.Entries).Source);
    }

    [Fact]
    public void The_file_of_a_server_is_complete_when_it_has_stopped()
    {
        using var rig = new MemoryRig();
        rig.Server.ReactorLog.OpenFile(_path);
        rig.Connect().Close();
        rig.Stop();
        Assert.Contains("Lost client connection. Reason: Done", File.ReadAllText(_path), StringComparison.Ordinal);
        Assert.EndsWith($"[{rig.Server.Name}] Stopped", File.ReadAllLines(_path)[^1], StringComparison.Ordinal);
    }

    private ReactorLog NewLog() => new(_time, "Echo");
}
