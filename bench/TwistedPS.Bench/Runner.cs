using System.ComponentModel;
using System.Globalization;
using System.Net.Sockets;

namespace TwistedPS.Bench;

/// <summary>
/// A runner of each load with each peer, in rounds, so that disturbances of the machine affect all peers alike.
/// </summary>
internal sealed class Runner
{
    /// <summary>The time allowed beyond that of the load itself, for opening connections.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly Options _options;
    private readonly IReadOnlyList<Load> _loads;
    private readonly IReadOnlyList<Peer> _peers;
    private readonly Results _results = new();

    public Runner(Options options)
    {
        _options = options;
        _loads = Choose(AllLoads.All, load => load.Name, options.Loads, "load");
        _peers = Choose(Peers.Find(Repository.PeersFolder, options.PowerShell), peer => peer.Name, options.Peers, "peer");
    }

    public void Run()
    {
        if (_options.List)
        {
            List();
            return;
        }

        for (int run = 1; run <= _options.Runs; run++)
        {
            // A curve shows how figures grow, and its neighbouring points show what is chance.
            foreach (Load load in _loads.Where(load => run == 1 || load.Curve == Curve.None))
            {
                foreach (Peer peer in _peers.Where(peer => peer.Program is not null && load.Includes(peer)))
                    Run(run, load, peer);
            }
        }

        Report report = new(_loads, _peers, _results, _options);
        report.Print(Console.Out);
        if (_options.Output is not null)
            report.Write(_options.Output);
    }

    private static IReadOnlyList<T> Choose<T>(
        IReadOnlyList<T> all, Func<T, string> name, IReadOnlyList<string>? wanted, string kind)
    {
        if (wanted is null)
            return all;
        if (wanted.FirstOrDefault(word => !all.Any(item => name(item) == word)) is { } unknown)
            throw new ArgumentException($"There is no {kind} {unknown}: {string.Join(", ", all.Select(name))}");
        return all.Where(item => wanted.Contains(name(item))).ToList();
    }

    private void Run(int run, Load load, Peer peer)
    {
        if (load.Work.Connections > peer.MostConnections)
        {
            _results.Remark(load, peer, $"is not asked to hold more than {peer.MostConnections} connections");
            return;
        }

        string prefix = string.Create(CultureInfo.InvariantCulture, $"{run}/{_options.Runs} {load.Name,-16} {peer.Name,-17}");
        try
        {
            Figures figures = Measure(load, peer);
            _results.Add(load, peer, figures);
            Console.WriteLine($"{prefix} {load.Headline.Show(figures)} {load.Headline.Title()}");
        }
        catch (Exception e) when (e is WrongReplyException or IOException or SocketException or Win32Exception)
        {
            _results.Remark(load, peer, $"failed: {e.Message}");
            Console.WriteLine($"{prefix} FAILED: {e.Message}");
        }
    }

    private Figures Measure(Load load, Peer peer)
    {
        if (load.Work is HandlerLoad handled && peer.Name == Peers.Loop)
            return OwnLoop.Run(peer, handled, _options.Timing);
        using var server = new ServerProcess(peer, load.Work.Handler);
        TimeSpan limit = s_patience + (3 * (_options.Timing.WarmUp + _options.Timing.Measured));
        using var watchdog = new Timer(_ => server.Kill(), null, limit, Timeout.InfiniteTimeSpan);
        try
        {
            return load.Work.Run(server, _options.Timing);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new IOException($"{e.Message} {server.State}", e);
        }
    }

    private void List()
    {
        foreach (Load load in _loads)
            Console.WriteLine($"load {load.Name,-18} {load.Title}");
        foreach (Peer peer in _peers)
            Console.WriteLine($"peer {peer.Name,-18} {peer.Title}{(peer.Program is null ? ": " + peer.Missing : "")}");
    }
}
