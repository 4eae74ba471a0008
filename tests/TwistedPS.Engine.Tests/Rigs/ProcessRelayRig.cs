namespace TwistedPS.Tests;

/// <summary>A server whose connections are relayed to a process at a line that says so.</summary>
internal sealed class ProcessRelayRig : IDisposable
{
    private readonly SocketRig _rig;
    private readonly ProcessOptions _options;

    public ProcessRelayRig(PollerKind poller, string script, ProcessOptions? options = null)
    {
        _options = (options ?? ProcessRig.Shell) with { Arguments = ["-c", script] };
        var handler = new RecordingHandler { OnLine = (connection, _) => Relay(connection) };
        _rig = new SocketRig(poller, handler, new ServerOptions { SendBufferLimit = Limit });
        Peer = _rig.Connect();
    }

    /// <summary>The limit of unsent output of the connection, and of unread input of the process.</summary>
    public const int Limit = 100_000;

    public SocketPeer Peer { get; }

    public ReactorProcess Process { get; private set; } = null!;

    public LineConnection Connection { get; private set; } = null!;

    public RecordingHandler Handler => _rig.Handler;

    public RecordingProcessHandler ProcessHandler { get; } = new();

    /// <summary>Starts another process on the reactor.</summary>
    public ReactorProcess Start(ProcessOptions options)
    {
        var process = new ReactorProcess(_rig.Reactor, options, ProcessHandler);
        _rig.Do(process.Start);
        return process;
    }

    public LineConnection[] Connections => _rig.Server.Connections;

    public IPeer Connect() => _rig.Connect();

    public void Do(Action work) => _rig.Do(work);

    public void Until(Func<bool> condition) => _rig.Until(condition);

    public void Until(string happened) => _rig.Until(happened);

    public void UntilExited() => ProcessRig.UntilExited(Process);

    public void Dispose() => _rig.Dispose();

    private void Relay(LineConnection connection)
    {
        Connection = connection;
        Process = new ReactorProcess(_rig.Reactor, _options with { InputLimit = Limit }, ProcessHandler);
        Process.Start();
        connection.RelayTo(Process);
    }
}
