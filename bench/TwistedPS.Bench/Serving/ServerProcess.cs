using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace TwistedPS.Bench;

/// <summary>A running peer: a separate process, which has reported the port, or the path of the UNIX socket, on which it listens.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private const string OfPort = "PORT ";
    private const string OfPath = "PATH ";

    private readonly Peer _peer;
    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly List<ServerProcess> _others = [];

    public ServerProcess(Peer peer, Handler handler)
    {
        _peer = peer;
        Handler = handler;
        _process = Process.Start(peer.Start(handler))!;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        _process.ErrorDataReceived += OnErrorLine;
        _process.BeginErrorReadLine();
        EndPoint = ReadEndPoint();
        // A full pipe would block it.
        _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
    }

    public Handler Handler { get; }

    public EndPoint EndPoint { get; }

    /// <summary>Whether it has ended, and its standard error.</summary>
    public string State
    {
        get
        {
            string end = "";
            if (_process.WaitForExit(TimeSpan.FromSeconds(1)))
            {
                // This also waits for the rest of its standard error.
                _process.WaitForExit();
                end = $"The server ended with {_process.ExitCode}. ";
            }

            lock (_errors)
                return end + _errors;
        }
    }

    public TimeSpan CpuTime
    {
        get
        {
            Renew();
            return _process.TotalProcessorTime + TimeSpan.FromTicks(
                ChildProcesses.Sum(_process.Id, child => child.TotalProcessorTime.Ticks) + _others.Sum(other => other.CpuTime.Ticks));
        }
    }

    /// <summary>The resident memory in bytes.</summary>
    public long Memory
    {
        get
        {
            Renew();
            return _process.WorkingSet64 + ChildProcesses.Sum(_process.Id, child => child.WorkingSet64) + _others.Sum(other => other.Memory);
        }
    }

    /// <summary>Starts another process like it, which ends with it, and whose CPU time and memory are part of its own.</summary>
    public ServerProcess StartAnother()
    {
        var other = new ServerProcess(_peer, Handler);
        _others.Add(other);
        return other;
    }

    /// <summary>Waits for what must not come: its end within a time.</summary>
    public void ExpectToLive(TimeSpan time)
    {
        if (_process.WaitForExit(time))
            throw new IOException($"The server has ended. {State}");
    }

    /// <summary>Kills it; connections that still wait for a reply see the end of the stream.</summary>
    public void Kill()
    {
        _others.ForEach(other => other.Kill());
        _process.Kill(entireProcessTree: true);
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        _others.ForEach(other => other.Dispose());
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        if (EndPoint is UnixDomainSocketEndPoint)
            File.Delete(EndPoint.ToString()!);
    }

    private void Renew()
    {
        if (_process.HasExited)
            throw new IOException("The server has ended.");
        _process.Refresh();
    }

    private EndPoint ReadEndPoint()
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith(OfPort, StringComparison.Ordinal))
                return new IPEndPoint(IPAddress.Loopback, int.Parse(line.AsSpan(OfPort.Length), CultureInfo.InvariantCulture));
            if (line.StartsWith(OfPath, StringComparison.Ordinal))
                return new UnixDomainSocketEndPoint(line[OfPath.Length..]);
            if (OfExample().Match(line) is { Success: true } match)
                return new IPEndPoint(IPAddress.Loopback, int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
        }

        throw new IOException($"It never listened. {State}");
    }

    private void OnExit(object? sender, EventArgs arguments) => Kill();

    private void OnErrorLine(object sender, DataReceivedEventArgs line)
    {
        lock (_errors)
            _errors.AppendLine(line.Data);
    }

    /// <summary>What an example writes when it serves.</summary>
    [GeneratedRegex("^Serving on .*:([0-9]+)/?;")]
    private static partial Regex OfExample();
}
