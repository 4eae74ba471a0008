using System.Diagnostics;
using System.Net.Sockets;

namespace TwistedPS.Soak;

/// <summary>A long run of all loads against one subject, which may neither grow nor lose anything.</summary>
internal sealed class Soak(SoakOptions options)
{
    private static readonly TimeSpan s_sampleInterval = TimeSpan.FromSeconds(5);

    private readonly Ledger _ledger = new();
    private readonly List<(TimeSpan Time, Vitals Vitals)> _samples = [];

    /// <summary>Runs it, and prints and draws the result.</summary>
    /// <returns>Whether all is well.</returns>
    public async Task<bool> RunAsync()
    {
        string folder = Directory.CreateTempSubdirectory("TwistedPS").FullName;
        IReadOnlyList<ISoakLoad> loads = AllLoads.Create(folder);
        try
        {
            using var subject = new Subject(options.PowerShell, folder);
            Console.WriteLine($"Warming up for {options.WarmUp.TotalSeconds} s");
            await RunAsync(loads, subject, options.WarmUp);
            Vitals before = await subject.MeasureAtRestAsync(null);
            Console.WriteLine($"Soaking for {options.Time.TotalMinutes} min");
            await RunAsync(loads, subject, options.Time);
            Vitals after = await subject.MeasureAtRestAsync(before);
            var report = new SoakReport(before, after, _samples, _ledger);
            report.Print(Console.Out);
            report.Write(options.Output);
            if (!report.IsWell)
                Console.WriteLine(subject.Remarks);
            return report.IsWell;
        }
        finally
        {
            foreach (IDisposable load in loads.OfType<IDisposable>())
                load.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task RunAsync(IReadOnlyList<ISoakLoad> loads, Subject subject, TimeSpan time)
    {
        // What is under way at the end has the time to end well.
        using var end = new CancellationTokenSource(time);
        using var limit = new CancellationTokenSource(time + options.Patience);
        using var turnstile = new Turnstile(loads.Sum(load => load.Peers) + 1);
        IEnumerable<Task> peers = loads.SelectMany(load =>
            Enumerable.Range(0, load.Peers).Select(_ => Task.Run(() => RepeatAsync(load, subject, turnstile, end.Token, limit.Token))));
        await Task.WhenAll([.. peers, SampleAsync(subject, turnstile, end.Token)]);
    }

    private async Task RepeatAsync(
        ISoakLoad load, Subject subject, Turnstile turnstile, CancellationToken end, CancellationToken limit)
    {
        try
        {
            while (true)
            {
                using (load.IsAlone ? await turnstile.EnterAloneAsync(end) : await turnstile.EnterAsync(end))
                    await RunOnceAsync(load, subject, limit);
                await Task.Delay(load.Pause, end);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The time is over.
        }
    }

    private async Task RunOnceAsync(ISoakLoad load, Subject subject, CancellationToken limit)
    {
        try
        {
            await load.RunAsync(subject, _ledger, limit);
            _ledger.Done(load.Name);
        }
        catch (OperationCanceledException)
        {
            _ledger.Lose(load.Name, 1, "no answer at all");
        }
        catch (Exception e) when (e is SocketException or IOException or HttpRequestException)
        {
            _ledger.Lose(load.Name, 1, e.Message);
        }
    }

    private async Task SampleAsync(Subject subject, Turnstile turnstile, CancellationToken end)
    {
        try
        {
            while (true)
            {
                // Without descriptors the subject can't look at itself.
                using (await turnstile.EnterAsync(end))
                    _samples.Add((Stopwatch.GetElapsedTime(options.Begin), await subject.MeasureAsync()));
                await Task.Delay(s_sampleInterval, end);
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
    }
}
