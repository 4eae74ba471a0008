namespace TwistedPS.Tests;

public sealed class LogFileTests : IDisposable
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly ManualClock _time = new();
    private readonly List<string> _failures = [];

    private string FilePath => Path.Combine(_folder, "logs", "x.log");

    public LogFileTests() => Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_could_not_be_written_is_written_as_soon_as_it_can_be()
    {
        LogFile file = NewFile();
        Directory.Delete(Path.GetDirectoryName(FilePath)!, recursive: true);
        await Write(file, "1", "2");
        _time.Advance(s_retry);
        await file.Written.Soon();
        Assert.Single(_failures);

        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        _time.Advance(s_retry);
        await file.Written.Soon();
        await Write(file, "3");
        Assert.Equal(["1", "2", "3"], File.ReadAllLines(FilePath));
    }

    [Fact]
    public async Task It_is_tried_again_without_a_further_entry()
    {
        LogFile file = NewFile();
        Directory.Delete(Path.GetDirectoryName(FilePath)!, recursive: true);
        await Write(file, "1");
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        Assert.False(File.Exists(FilePath));
        _time.Advance(s_retry);
        await Task.Run(() => SpinWait.SpinUntil(() => File.Exists(FilePath) && new FileInfo(FilePath).Length > 0)).Soon();
        Assert.Equal(0, _time.WaitingTimers);
    }

    [Fact]
    public async Task What_does_not_fit_into_memory_meanwhile_is_counted_in_its_place()
    {
        LogFile file = NewFile(capacity: 10);
        Directory.Delete(Path.GetDirectoryName(FilePath)!, recursive: true);
        await Write(file, "12345", "67890");
        await Write(file, "left", "out");
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        await file.Written.Soon();
        await Write(file, "next");
        string[] lines = File.ReadAllLines(FilePath);
        Assert.Equal(["12345", "67890", "next"], [lines[0], lines[1], lines[3]]);
        Assert.Matches("^2 entries were left out here: the file could not be written for a while: ", lines[2]);
        Assert.Equal(4, lines.Length);
    }

    [Fact]
    public async Task Lines_that_the_disk_has_no_time_for_are_counted()
    {
        LogFile file = NewFile(capacity: 0);
        await Write(file, "left out");
        Assert.Equal(["1 entry was left out here: the file could not be written fast enough."], File.ReadAllLines(FilePath));
    }

    [Fact]
    public async Task A_full_disk_loses_nothing_once_there_is_room()
    {
        if (!File.Exists("/dev/full"))
            return;
        File.CreateSymbolicLink(FilePath, "/dev/full");
        LogFile file = NewFile();
        await Write(file, "1", "2");
        Assert.Contains("No space left", Assert.Single(_failures), StringComparison.Ordinal);

        File.Delete(FilePath);
        await Write(file, "3");
        Assert.Equal(["1", "2", "3"], File.ReadAllLines(FilePath));
    }

    [Fact]
    public async Task A_further_failure_is_told_again()
    {
        LogFile file = NewFile();
        for (int i = 0; i < 2; i++)
        {
            Directory.Delete(Path.GetDirectoryName(FilePath)!, recursive: true);
            await Write(file, "text");
            Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
            await file.Written.Soon();
        }

        Assert.Equal(2, _failures.Count);
    }

    [Fact]
    public async Task A_file_that_others_move_away_is_begun_anew()
    {
        LogFile file = NewFile();
        await Write(file, "1");
        File.Move(FilePath, $"{FilePath}.1");
        await Write(file, "2");
        File.Delete(FilePath);
        await Write(file, "3");
        Assert.Equal("1", File.ReadAllText($"{FilePath}.1").Trim());
        Assert.Equal("3", File.ReadAllText(FilePath).Trim());
    }

    [Fact]
    public async Task Several_may_share_a_file()
    {
        // One worker after the other would meet nobody.
        ThreadPool.SetMinThreads(8, 8);
        string[] lines = [.. Enumerable.Range(0, 300).Select(i => new string((char)('a' + (i % 26)), 5000) + i)];
        LogFile[] files = [NewFile(), NewFile(), NewFile()];
        await Task.WhenAll(files.Select(file => Task.Run(() => Write(file, lines)))).Soon();
        Assert.Equal(files.SelectMany(_ => lines).Order(), File.ReadAllLines(FilePath).Order());
    }

    private static async Task Write(LogFile file, params string[] lines)
    {
        foreach (string line in lines)
            file.Write(line);
        await file.Written.Soon();
    }

    private LogFile NewFile(long capacity = 1 << 24) => new(FilePath, _time, e => _failures.Add(e.Message), new LogRoom(capacity));
}
