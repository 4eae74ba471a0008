using System.ComponentModel;
using System.Globalization;

namespace TwistedPS.Tests;

[Collection(RunsAlone.Name)]
public class ProcessTests
{
    [Fact]
    public void Output_comes_as_whole_lines_in_order_and_the_exit_after_the_last()
    {
        using var rig = new ProcessRig();

        string[] events = rig.Run("printf 'a\\nb\\r\\n\\nc'; exit 3");

        Assert.Equal(["out: a", "out: b", "out: ", "out: c", "exit 3"], events);
    }

    [Fact]
    public void A_line_that_is_written_in_pieces_is_one_line()
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start("printf 'one '; read x; printf 'line\\n'");

        process.Send("go on");
        ProcessRig.UntilExited(process);

        Assert.Equal(["out: one line", "exit 0"], rig.Handler.Events);
    }

    [Fact]
    public void Error_output_is_told_apart()
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start("echo bad >&2; printf worse >&2");
        ProcessRig.UntilExited(process);

        Assert.Equal(["error: bad", "error: worse", "exit 0"], rig.Handler.Events);
        Assert.Equal((0, 2), (process.LinesOut, process.LinesError));
    }

    [Fact]
    public void Arguments_are_passed_as_they_are()
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start(new ProcessOptions
        {
            FileName = "printf",
            Arguments = ["%s\\n", "a b", "\"quoted\" $HOME *", "", "it's"],
        });
        ProcessRig.UntilExited(process);

        Assert.Equal(["a b", "\"quoted\" $HOME *", "", "it's"], rig.Handler.Output);
    }

    [Fact]
    public void Variables_are_added_replaced_and_taken_out()
    {
        using var rig = new ProcessRig();
        ProcessOptions options = ProcessRig.Shell with
        {
            Environment = new Dictionary<string, string?> { ["NEW"] = "n", ["LANG"] = "replaced", ["HOME"] = null },
        };

        string[] events = rig.Run("echo $NEW $LANG ${HOME-none} ${PATH:+path}", options);

        Assert.Equal("out: n replaced none path", events[0]);
    }

    [Fact]
    public void It_runs_in_its_working_directory()
    {
        using var rig = new ProcessRig();

        Assert.Equal("out: /", rig.Run("pwd", ProcessRig.Shell with { WorkingDirectory = "/" })[0]);
    }

    [Fact]
    public void Input_that_is_given_is_sent_and_ended()
    {
        using var rig = new ProcessRig();

        string[] events = rig.Run("cat", ProcessRig.Shell with { Input = ["one", "two\nthree", "é"] });

        Assert.Equal(["out: one", "out: two", "out: three", "out: é", "exit 0"], events);
    }

    [Fact]
    public void Lines_are_exchanged_with_it_until_the_input_is_ended()
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start(new ProcessOptions { FileName = "cat" });

        process.Send("first");
        rig.Until("out: first");
        process.Send("second");
        process.EndInput();
        ProcessRig.UntilExited(process);

        Assert.Equal(["out: first", "out: second", "exit 0"], rig.Handler.Events);
        Assert.Throws<InvalidOperationException>(() => process.Send("late"));
    }

    [Fact]
    public void Input_that_nobody_reads_blocks_nobody_and_is_bounded()
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start("exec sleep 1000", ProcessRig.Shell with { InputLimit = 300_000 });
        string line = new('x', 100_000);
        void SendMore()
        {
            while (true)
                process.Send(line);
        }

        Assert.Contains("does not read", Assert.Throws<InvalidOperationException>(() => rig.Do(SendMore)).Message);
        Assert.InRange(process.UnsentBytes, 300_000 - 65_536, 400_000 + 4);

        rig.Do(() => process.Signal(ProcessSignal.Kill));
        ProcessRig.UntilExited(process);
    }

    [Fact]
    public void Input_that_it_closes_early_is_no_error()
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start("read x; exec <&-; echo closed; exec sleep 1000");
        process.Send("x");
        rig.Until("out: closed");

        process.Send(new string('x', 200_000));

        rig.Until(() => process.Log.Any(entry => entry.Level == LogLevel.Debug && entry.Message.Contains("closed its input")));
        process.Signal(ProcessSignal.Kill);
        ProcessRig.UntilExited(process);
        Assert.Equal(0, process.ErrorCount);
    }

    [Fact]
    public void A_file_that_does_not_exist_is_an_error_of_the_start()
    {
        using var rig = new ProcessRig();
        var process = new ReactorProcess(rig.Reactor, new ProcessOptions { FileName = "/no/such/file" }, rig.Handler);

        Win32Exception error = Assert.Throws<Win32Exception>(() => rig.Do(process.Start));

        Assert.Equal(2, error.NativeErrorCode);
        Assert.Empty(rig.Reactor.Services);
        Assert.Equal(ProcessStatus.Starting, process.Status);
    }

    [Fact]
    public void A_handler_that_throws_is_noted_and_the_next_lines_come()
    {
        using var rig = new ProcessRig
        {
            Handler = new RecordingProcessHandler
            {
                OnOutput = line => throw new FormatException($"not {line}"),
            },
        };
        ReactorProcess process = rig.Start("echo a; echo b");
        ProcessRig.UntilExited(process);

        Assert.Equal(["out: a", "out: b", "exit 0"], rig.Handler.Events);
        Assert.Equal(["OnOutput: not b", "OnOutput: not a"], process.Errors.Select(error => $"{error}"));
    }

    [Fact]
    public void The_lines_after_an_interrupted_handler_come()
    {
        using var rig = new ProcessRig
        {
            Handler = new RecordingProcessHandler
            {
                OnOutput = line =>
                {
                    if (line == "b")
                        throw new ReactorInterruptedException(new OperationCanceledException());
                },
                OnExit = _ => throw new ReactorInterruptedException(new OperationCanceledException()),
            },
        };

        Assert.Equal(["out: a", "out: b", "out: c", "exit 0"], rig.Run("printf 'a\\nb\\nc\\n'"));
    }

    [Fact]
    public void It_is_listed_for_as_long_as_it_runs()
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start(new ProcessOptions { FileName = "cat", Name = "Cat" });

        Assert.Equal([process], rig.Reactor.Services);
        Assert.Equal(ProcessStatus.Running, process.Status);
        Assert.Equal($"process Cat (cat, {process.ProcessId})", process.Description);
        Assert.Null(process.ExitCode);
        process.EndInput();
        ProcessRig.UntilExited(process);

        Assert.Empty(rig.Reactor.Services);
        Assert.Equal((ProcessStatus.Exited, 0), (process.Status, process.ExitCode));
        Assert.InRange(process.ExitTime!.Value, process.StartTime, rig.Reactor.TimeProvider.GetLocalNow());
    }

    [Fact]
    public void Two_hundred_processes_leave_nothing_behind()
    {
        int before = OpenPipes();
        using var rig = new ProcessRig();
        ReactorProcess[] processes = [.. Enumerable.Range(0, 200).Select(i => rig.Start($"read x; echo {i} $x; echo {i} >&2"))];
        foreach (ReactorProcess process in processes)
            process.Send("in");
        foreach (ReactorProcess process in processes)
            ProcessRig.UntilExited(process);

        Assert.Equal(
            Enumerable.Range(0, 200).Select(i => $"{i} in"),
            rig.Handler.Output.OrderBy(line => int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture)));
        Assert.Empty(rig.Reactor.Services);
        Assert.DoesNotContain(processes, process => ProcessRig.IsAlive(process.ProcessId));
        rig.Until(() => OpenPipes() <= before);
    }

    private static int OpenPipes() => Directory.GetFiles("/proc/self/fd")
        .Count(path => new FileInfo(path).LinkTarget?.StartsWith("pipe:", StringComparison.Ordinal) == true);
}
