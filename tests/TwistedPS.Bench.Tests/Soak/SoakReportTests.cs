using TwistedPS.Soak;

namespace TwistedPS.Bench.Tests.Soak;

public sealed class SoakReportTests
{
    private static readonly Vitals s_before = new(
        Heap: 10_000_000, Resident: 200_000_000, Descriptors: 200, Threads: 20, Runspaces: 4, Children: 0, Services: 25, Connections: 0);

    private readonly Ledger _ledger = new();

    [Fact]
    public void All_is_well_where_little_has_changed_and_every_answer_has_come()
    {
        _ledger.Answered("echo", 100);
        Assert.True(Report(s_before with { Heap = 15_000_000, Resident = 90_000_000, Threads = 25, Descriptors = 204 }).IsWell);
    }

    public static TheoryData<string> Leaks => new() { "heap, MB", "resident memory, MB", "descriptors", "threads", "runspaces", "child processes", "services", "connections" };

    [Theory]
    [MemberData(nameof(Leaks))]
    public void Growth_is_a_failure_that_is_shown(string sign)
    {
        Vitals after = sign switch
        {
            "heap, MB" => s_before with { Heap = 30_000_000 },
            "resident memory, MB" => s_before with { Resident = 400_000_000 },
            "descriptors" => s_before with { Descriptors = 206 },
            "threads" => s_before with { Threads = 31 },
            "runspaces" => s_before with { Runspaces = 5 },
            "child processes" => s_before with { Children = 1 },
            "services" => s_before with { Services = 26 },
            _ => s_before with { Connections = 1 },
        };
        SoakReport report = Report(after);
        Assert.False(report.IsWell);
        var text = new StringWriter();
        report.Print(text);
        string grown = Assert.Single(text.ToString().Split('\n'), line => line.Contains("GROWN", StringComparison.Ordinal));
        Assert.StartsWith($"| {sign} ", grown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_answer_is_a_failure_that_is_shown_with_its_reason()
    {
        _ledger.Lose("timer", 2, "'a' instead of 'b'");
        SoakReport report = Report(s_before);
        Assert.False(report.IsWell);
        var text = new StringWriter();
        report.Print(text);
        Assert.Contains("timer: 'a' instead of 'b'", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_needs_to_be_alone_waits_for_the_others_and_keeps_them_out()
    {
        using var turnstile = new Turnstile(2);
        IDisposable first = await turnstile.EnterAsync(default);
        Task<IDisposable> alone = turnstile.EnterAloneAsync(default);
        Assert.False(alone.IsCompleted);
        first.Dispose();
        IDisposable entered = await alone;
        Task<IDisposable> second = turnstile.EnterAsync(default);
        Assert.False(second.IsCompleted);
        entered.Dispose();
        (await second).Dispose();
    }

    [Theory]
    [InlineData]
    [InlineData("10", "folder")]
    [InlineData("0", "folder", "pwsh")]
    [InlineData("ten", "folder", "pwsh")]
    public void Options_that_are_incomplete_or_invalid_are_refused(params string[] arguments) =>
        Assert.Throws<ArgumentException>(() => SoakOptions.Parse(arguments));

    private SoakReport Report(Vitals after) => new(s_before, after, [(TimeSpan.Zero, s_before), (TimeSpan.FromMinutes(1), after)], _ledger);
}
