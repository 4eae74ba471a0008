using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using TwistedPS.Bench;

namespace TwistedPS.Soak;

/// <summary>The process under test: a PowerShell session with servers of every kind.</summary>
internal sealed class Subject : IDisposable
{
    /// <summary>The limit of its descriptors, small enough to be reached.</summary>
    public const int MostDescriptors = 1000;

    private static readonly TimeSpan s_settleLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly Dictionary<string, int> _ports = [];
    private readonly SemaphoreSlim _asking = new(1);

    /// <param name="powerShell">The words that start PowerShell.</param>
    /// <param name="folder">The folder for its logs.</param>
    public Subject(IReadOnlyList<string> powerShell, string folder)
    {
        string script = Path.Combine(Repository.Root, "bench", "TwistedPS.Soak", "Subjects", "subject.ps1");
        var start = new ProcessStartInfo("bash", ["-c", $"ulimit -n {MostDescriptors}; exec \"$@\"", "bash", .. powerShell, "-File", script, folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginErrorReadLine();
        while (Read() is var line && line != "READY")
        {
            if (line.Split(' ') is ["PORT", var name, var port])
                _ports[name] = int.Parse(port, CultureInfo.InvariantCulture);
            else
                Note(line);
        }
    }

    public IEnumerable<string> Servers => _ports.Keys;

    /// <summary>What it has written besides, such as warnings.</summary>
    public string Remarks
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    public int PortOf(string server) => _ports[server];

    public async Task<Vitals> MeasureAsync()
    {
        await _asking.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync("vitals");
            while (true)
            {
                string line = await _process.StandardOutput.ReadLineAsync() ?? throw Ended();
                if (line.StartsWith('{'))
                    return JsonSerializer.Deserialize<Vitals>(line)!;
                Note(line);
            }
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>Measures when it has come to rest: everything that had begun has ended.</summary>
    public async Task<Vitals> MeasureAtRestAsync(Vitals? before)
    {
        long begin = Stopwatch.GetTimestamp();
        while (true)
        {
            Vitals now = await MeasureAsync();
            bool isAtRest = now.Connections == 0 && now.Children == 0
                && (before is null || !Vitals.Signs.Any(sign => sign.HasGrown(before, now)));
            if (isAtRest || Stopwatch.GetElapsedTime(begin) > s_settleLimit)
                return now;
            await Task.Delay(500);
        }
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _asking.Dispose();
    }

    private string Read() => _process.StandardOutput.ReadLine() ?? throw Ended();

    private IOException Ended()
    {
        _process.WaitForExit();
        return new IOException($"The subject has ended with {_process.ExitCode}. {Remarks}");
    }

    private void Note(string? line)
    {
        lock (_errors)
            _errors.AppendLine(line);
    }
}
