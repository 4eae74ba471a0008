using System.Diagnostics;

namespace TwistedPS.Soak;

/// <summary>Peers that are stopped in the middle of it, as on a machine that hangs, and then killed.</summary>
internal sealed class Killed(string server) : ISoakLoad
{
    private const string Script = "exec 3<>/dev/tcp/127.0.0.1/$0; while echo hello >&3; do read -u 3 -r line; done";

    public string Name => $"killed, {server}";

    public int Peers => 1;

    public TimeSpan Pause => TimeSpan.FromSeconds(1);

    public async Task RunAsync(Subject subject, Ledger ledger, CancellationToken cancel)
    {
        using Process peer = Process.Start(new ProcessStartInfo("bash", ["-c", Script, $"{subject.PortOf(server)}"]) { RedirectStandardError = true })!;
        try
        {
            await Task.Delay(300, cancel);
            using Process stop = Process.Start("bash", ["-c", $"kill -STOP {peer.Id}"]);
            await Task.Delay(500, cancel);
        }
        finally
        {
            peer.Kill();
            await peer.WaitForExitAsync(CancellationToken.None);
        }
    }
}
