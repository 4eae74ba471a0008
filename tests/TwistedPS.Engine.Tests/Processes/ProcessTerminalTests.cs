using System.ComponentModel;
using System.Globalization;

namespace TwistedPS.Tests;

[Collection(RunsAlone.Name)]
public class ProcessTerminalTests
{
    private static readonly ProcessOptions s_terminal = ProcessRig.Shell with { Terminal = TerminalSize.Default };

    private static readonly ProcessOptions s_bytes = s_terminal with { OutputIsBytes = true };

    [UnixFact]
    public void The_program_has_a_terminal_of_its_own_in_a_session_of_its_own()
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start(
            "test -t 0 && test -t 1 && test -t 2 && stty size && ps -o sid= -p $$ && echo to the terminal >/dev/tty; echo bad >&2; exit 3",
            s_terminal with { Terminal = TerminalSize.Of(132, 43) });
        ProcessRig.UntilExited(process);

        Assert.Equal(["43 132", $"{process.ProcessId}", "to the terminal", "bad"], rig.Handler.Output.Select(line => line.Trim()));
        Assert.Equal((3, 4, 0, true), (process.ExitCode!.Value, process.LinesOut, process.ErrorCount, process.HasTerminal));
    }

    [UnixFact]
    public void Lines_end_as_the_terminal_ends_them()
    {
        using var rig = new ProcessRig();
        rig.Run("stty -echo; echo one; stty -onlcr; echo two", s_bytes);

        Assert.Equal("one\r\ntwo\n", rig.Handler.Text);
    }

    [UnixFact]
    public void A_new_size_is_told()
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start("trap 'stty size' WINCH; echo ready; while :; do sleep 0.01; done", s_terminal);
        rig.Until("out: ready");

        process.Resize(100, 50);
        rig.Until("out: 50 100");
        Assert.Throws<ArgumentOutOfRangeException>(() => process.Resize(0, 24));
        Assert.Throws<ArgumentOutOfRangeException>(() => process.Resize(80, 65536));

        process.Signal(ProcessSignal.Kill);
        ProcessRig.UntilExited(process);
        process.Resize(80, 24);
    }

    [Fact]
    public void Without_a_terminal_there_is_no_size()
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start(new ProcessOptions { FileName = "cat" });

        Assert.Throws<InvalidOperationException>(() => process.Resize(80, 24));
        Assert.False(process.HasTerminal);
        process.EndInput();
        ProcessRig.UntilExited(process);
    }

    [UnixFact]
    public void What_is_typed_is_echoed_and_ctrl_D_ends_what_is_read()
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start("cat; cat; echo end", s_bytes);

        process.Send("abc");
        process.EndInput();
        rig.Until(() => rig.Handler.Text == "abc\r\nabc\r\n");
        process.Write("de");
        process.EndInput();
        ProcessRig.UntilExited(process);

        Assert.Equal("abc\r\nabc\r\ndedeend\r\n", rig.Handler.Text);
    }

    [UnixFact]
    public void Backspace_erases_a_whole_character()
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start("stty -echo; echo ready; cat", s_bytes);
        rig.Until(() => rig.Handler.Text == "ready\r\n");

        process.Write("aé\u007fb\n");
        process.EndInput();
        ProcessRig.UntilExited(process);

        Assert.Equal("ready\r\nab\r\n", rig.Handler.Text);
    }

    [UnixFact]
    public void Given_input_is_typed_and_ended()
    {
        using var rig = new ProcessRig();

        rig.Run("cat", s_terminal with { Input = ["one", "two"] });

        Assert.Equal(["one", "one", "two", "two"], rig.Handler.Output.Order());
    }

    [UnixFact]
    public void Ctrl_C_interrupts_the_program()
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start("trap 'echo interrupted; exit 5' INT; echo ready; while :; do sleep 0.01; done", s_terminal);
        rig.Until("out: ready");

        process.Write("\u0003");
        ProcessRig.UntilExited(process);

        Assert.Equal(5, process.ExitCode);
        Assert.Contains("interrupted", rig.Handler.Output[^1]);
    }

    [UnixFact]
    public void A_shell_has_job_control()
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start(s_bytes with
        {
            FileName = "bash",
            Arguments = ["--norc", "-i"],
            Environment = new Dictionary<string, string?> { ["PS1"] = "ready>" },
        });
        void Type(string text, string shown)
        {
            process.Write(text);
            rig.Until(() => rig.Handler.Text.Contains(shown));
        }

        // What is shown differs from what is typed, so it is not its echo.
        Type("", "ready>");
        Type("echo st''arted; cat\r", "started\r\n");
        Type("line\r", "line\r\nline\r\n");
        Type("\u001a", "Stopped");
        Type("echo res''umed; fg\r", "resumed\r\n");
        Type("again\r", "again\r\nagain\r\n");
        process.EndInput();
        process.Write("exit 6\r");
        ProcessRig.UntilExited(process);

        Assert.Equal(6, process.ExitCode);
    }

    [UnixFact]
    public void Output_is_whole_and_its_end_is_no_error()
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start("seq 1 30000", s_terminal);
        ProcessRig.UntilExited(process);

        Assert.Equal(Enumerable.Range(1, 30_000).Select(i => $"out: {i}").Append("exit 0"), rig.Handler.Events);
        Assert.Equal(0, process.ErrorCount);
    }

    [UnixFact]
    public void A_program_that_does_not_read_holds_up_what_is_typed_and_nothing_is_lost()
    {
        const int Size = 500_000;
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start("stty raw -echo; echo ready; read x; head -c 500000 | wc -c", s_terminal);
        rig.Until("out: ready");

        rig.Do(() => process.Signal(ProcessSignal.Parse("STOP")));
        process.Write(new string('x', Size));
        process.Write("\n");
        process.Write(new string('y', Size));
        Assert.InRange(process.UnsentBytes, Size, (2 * Size) + 1);
        process.Signal(ProcessSignal.Parse("CONT"));
        ProcessRig.UntilExited(process);

        Assert.Equal($"{Size}", rig.Handler.Output[^1].Trim());
    }

    [UnixFact]
    public void A_stop_hangs_up()
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start("trap '' TERM; echo ready; while :; do sleep 1000; done", s_terminal);
        rig.Until("out: ready");

        _ = process.StopAsync(TimeSpan.FromSeconds(30));
        ProcessRig.UntilExited(process);

        Assert.Equal(ProcessSignal.Hangup, process.ExitSignal);
    }

    [UnixFact]
    public void What_holds_the_terminal_delays_the_exit_no_longer_than_the_drain_time()
    {
        var time = new ManualClock();
        using var rig = new ProcessRig(time);
        ReactorProcess process = rig.Start("trap '' HUP; sleep 1000 & echo $!; exec true", s_terminal);
        rig.Until(() => process.ExitCode == 0 && rig.Handler.Output.Length == 1);

        time.Advance(TimeSpan.FromSeconds(1));
        rig.Do(() => { });
        ProcessRig.UntilExited(process);

        Signals.Send(int.Parse(rig.Handler.Output[0], CultureInfo.InvariantCulture), ProcessSignal.Kill);
    }

    [UnixFact]
    public void What_is_no_program_is_an_error_of_the_start()
    {
        using var rig = new ProcessRig();
        int StartFails(string file) => Assert.Throws<Win32Exception>(() => rig.Start(s_terminal with { FileName = file })).NativeErrorCode;
        int before = OpenTerminals();

        Assert.Equal((2, 13, 13), (StartFails("/no/such/file"), StartFails("/etc/passwd"), StartFails("/etc")));
        Assert.Equal(before, OpenTerminals());
        Assert.Empty(rig.Reactor.Services);
    }

    [UnixFact]
    public void Fifty_of_them_leave_nothing_behind()
    {
        int before = OpenTerminals();
        using var rig = new ProcessRig();
        ReactorProcess[] processes = [.. Enumerable.Range(0, 50).Select(i => rig.Start("read x; echo got $x", s_terminal))];
        Assert.True(OpenTerminals() >= before + 50);
        foreach (ReactorProcess process in processes)
            process.Send("in");
        foreach (ReactorProcess process in processes)
            ProcessRig.UntilExited(process);

        Assert.Equal(50, rig.Handler.Output.Count(line => line == "got in"));
        Assert.DoesNotContain(processes, process => ProcessRig.IsAlive(process.ProcessId));
        rig.Until(() => OpenTerminals() <= before);
    }

    private static int OpenTerminals() => Directory.GetFiles("/proc/self/fd")
        .Count(path => new FileInfo(path).LinkTarget?.EndsWith("ptmx", StringComparison.Ordinal) == true);
}
