using System.Globalization;

namespace TwistedPS.Tests;

[Collection(RunsAlone.Name)]
public class ProcessStopTests
{
    [Theory]
    [InlineData("SIGHUP", 129)]
    [InlineData("INT", 130)]
    [InlineData("quit", 131)]
    [InlineData("Kill", 137)]
    [InlineData("Terminate", 143)]
    [InlineData("SIGRTMIN+3", 165)]
    [InlineData("rtmax", 192)]
    [InlineData("pwr", 158)]
    public void A_signal_ends_it(string signal, int exitCode)
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start("echo ready; exec sleep 1000");
        rig.Until("out: ready");

        process.Signal(ProcessSignal.Parse(signal));
        ProcessRig.UntilExited(process);

        Assert.Equal(exitCode, process.ExitCode);
        Assert.Equal(ProcessSignal.Parse(signal), process.ExitSignal);
        Assert.Contains(process.Log, entry => entry.Message == $"Exited with code {exitCode}, {ProcessSignal.Parse(signal)}");
        process.Signal(ProcessSignal.Parse(signal));
    }

    [Fact]
    public void A_signal_may_reach_all_that_it_has_started()
    {
        using var rig = new ProcessRig();
        const string Child = "trap 'echo child; exit 0' USR1; echo ready; while :; do sleep 0.01; done";
        ReactorProcess process = rig.Start(
            $"trap 'echo parent' USR1; sh -c \"{Child}\" & while kill -0 $! 2>/dev/null; do wait $!; done");
        rig.Until("out: ready");

        process.Signal(ProcessSignal.Parse("USR1"));
        rig.Until("out: parent");
        Assert.Null(process.ExitSignal);
        process.SignalTree(ProcessSignal.Parse("USR1"));
        ProcessRig.UntilExited(process);

        Assert.Equal(1, rig.Handler.Output.Count(line => line == "child"));
        Assert.Null(process.ExitSignal);
    }

    [Fact]
    public void A_signal_that_it_handles_does_not_end_it()
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start("trap 'echo again' HUP; echo ready; while read x; do :; done");
        rig.Until("out: ready");

        process.Signal(ProcessSignal.Hangup);
        rig.Until("out: again");

        process.EndInput();
        ProcessRig.UntilExited(process);
    }

    [Fact]
    public void A_stop_lets_it_end_in_good_order()
    {
        var time = new ManualClock();
        using var rig = new ProcessRig(time);
        ReactorProcess process = rig.Start("trap 'echo bye; exit 7' TERM; echo ready; while :; do read x; done");
        rig.Until("out: ready");

        _ = process.StopAsync(TimeSpan.FromSeconds(5));

        ProcessRig.UntilExited(process);
        Assert.Equal(["ready", "bye"], rig.Handler.Output);
        Assert.Equal(7, process.ExitCode);
    }

    [Fact]
    public void A_process_that_ignores_a_stop_is_killed_after_the_drain_time()
    {
        var time = new ManualClock();
        using var rig = new ProcessRig(time);
        ReactorProcess process = rig.Start("trap 'echo no' TERM; echo ready; while :; do read x; done");
        rig.Until("out: ready");
        _ = process.StopAsync(TimeSpan.FromSeconds(5));
        rig.Until("out: no");

        time.Advance(TimeSpan.FromSeconds(4.9));
        rig.Do(() => { });
        Assert.True(ProcessRig.IsAlive(process.ProcessId));
        time.Advance(TimeSpan.FromSeconds(0.1));
        rig.Do(() => { });

        ProcessRig.UntilExited(process);
        Assert.Equal(137, process.ExitCode);
    }

    [Theory]
    [InlineData(0, 137)]
    [InlineData(5, 143)]
    public void A_stop_ends_what_it_has_started_as_well(double drainTime, int exitCode)
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start("sh -c 'sleep 1000 & echo $!; wait' & wait");
        rig.Until(() => rig.Handler.Output.Length == 1);
        int grandchild = int.Parse(rig.Handler.Output[0], CultureInfo.InvariantCulture);

        _ = process.StopAsync(TimeSpan.FromSeconds(drainTime));
        ProcessRig.UntilExited(process);

        Assert.Equal(exitCode, process.ExitCode);
        rig.Until(() => !ProcessRig.IsAlive(grandchild) || IsZombie(grandchild));
    }

    [Fact]
    public void Its_own_handler_may_stop_it()
    {
        ReactorProcess? process = null;
        using var rig = new ProcessRig
        {
            Handler = new RecordingProcessHandler { OnOutput = _ => process!.Dispose() },
        };
        process = rig.Start("read x; echo ready; exec sleep 1000");
        process.Send("go");

        ProcessRig.UntilExited(process);

        Assert.Equal(["out: ready", "exit 143"], rig.Handler.Events);
    }

    [Fact]
    public void What_holds_its_output_open_delays_the_exit_no_longer_than_the_drain_time()
    {
        var time = new ManualClock();
        using var rig = new ProcessRig(time);
        ReactorProcess process = rig.Start(
            "exec 3<&0; { read x <&3; printf '%s\\ncut off' $x; exec sleep 1000; } & echo $!; printf last");
        rig.Until(() => process.ExitCode == 0 && rig.Handler.Output.Length == 1);

        time.Advance(TimeSpan.FromSeconds(0.9));
        process.Send("-but-one");
        rig.Until("out: last-but-one");
        time.Advance(TimeSpan.FromSeconds(0.1));
        rig.Do(() => { });
        ProcessRig.UntilExited(process);

        Assert.Equal(["out: last-but-one", "out: cut off", "exit 0"], rig.Handler.Events[1..]);
        Signals.Send(int.Parse(rig.Handler.Output[0], CultureInfo.InvariantCulture), ProcessSignal.Kill);
    }

    [Fact]
    public void It_ends_with_its_reactor()
    {
        ReactorProcess process;
        int grandchild;
        using (var rig = new ProcessRig())
        {
            process = rig.Start("trap '' TERM HUP; sleep 1000 & echo $!; while :; do sleep 1000; done");
            rig.Until(() => rig.Handler.Output.Length == 1);
            grandchild = int.Parse(rig.Handler.Output[0], CultureInfo.InvariantCulture);
        }

        Assert.True(process.Completion.IsCompleted);
        Assert.True(SpinWait.SpinUntil(() => !ProcessRig.IsAlive(process.ProcessId), Waiting.Limit));
        Assert.True(SpinWait.SpinUntil(() => !ProcessRig.IsAlive(grandchild) || IsZombie(grandchild), Waiting.Limit));
        Assert.Equal(ProcessStatus.Exited, process.Status);
    }

    /// <summary>
    /// Returns whether a process is a zombie; an orphan is reaped by the system's first process, if that does its work.
    /// </summary>
    private static bool IsZombie(int process) => File.ReadAllText($"/proc/{process}/status").Contains("State:\tZ");
}
