using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;

namespace TwistedPS.Tests;

[Collection(RunsAlone.Name)]
public class ProcessOutputTests
{
    [Fact]
    public void Many_lines_arrive_complete_and_in_order()
    {
        using var rig = new ProcessRig();

        string[] events = rig.Run("seq 1 200000");

        Assert.Equal(Enumerable.Range(1, 200_000).Select(i => $"out: {i}").Append("exit 0"), events);
    }

    [Fact]
    public async Task A_slow_handler_holds_the_process_up()
    {
        using var go = new ManualResetEventSlim();
        using var rig = new ProcessRig
        {
            Handler = new RecordingProcessHandler { OnOutput = _ => go.Wait(Waiting.Limit) },
        };
        ReactorProcess process = rig.Start(new ProcessOptions { FileName = "yes" });
        Assert.True(SpinWait.SpinUntil(() => process.LinesOut == 1, Waiting.Limit));

        // While this runs, and the pool is free to go on, it could write hundreds of megabytes.
        for (int i = 0; i < 5; i++)
        {
            using var busy = Process.Start("sh", ["-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"]);
            await busy.WaitForExitAsync();
        }

        long written = BytesWrittenBy(process.ProcessId);
        go.Set();
        Assert.InRange(written, 1, 1024 * 1024);
    }

    [Fact]
    public async Task What_slow_handlers_have_left_in_the_pipe_is_delivered_when_nobody_waits_for_more()
    {
        using var reactor = new Reactor();
        var process = new ReactorProcess(reactor, ProcessRig.Shell, new RecordingProcessHandler());
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        using var writer = new StreamWriter(new AnonymousPipeClientStream(PipeDirection.Out, pipe.ClientSafePipeHandle));
        List<string> lines = [];
        ProcessOutput? output = null;
        void Deliver(string line)
        {
            lines.Add(line);
            if (line != "first")
                return;
            writer.Write("second\nthird\ncut off");
            writer.Flush();
            output!.StopWaiting();
        }

        output = new ProcessOutput(process, "Output", pipe, CancellationToken.None)
        {
            Form = new OutputLines(ProcessRig.Shell, Deliver, _ => { }),
        };
        writer.Write("first\n");
        writer.Flush();
        Task read = output.ReadAsync();
        reactor.Loop.RunUntil(read, Waiting.Limit);
        await read;

        Assert.Equal(["first", "second", "third", "cut off"], lines);
    }

    [Fact]
    public void The_lines_after_an_interrupted_handler_wait_for_no_further_output()
    {
        using var rig = new ProcessRig
        {
            Handler = new RecordingProcessHandler
            {
                OnOutput = line =>
                {
                    if (line == "a")
                        throw new ReactorInterruptedException(new OperationCanceledException());
                },
            },
        };
        ReactorProcess process = rig.Start("printf 'a\\nb\\n'; read x");

        rig.Until("out: b");
        process.EndInput();
        ProcessRig.UntilExited(process);
    }

    [Fact]
    public void Bytes_that_are_split_between_reads_are_one_character()
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start("printf '\\303'; read x; printf '\\251\\n'");

        process.Send("go on");
        ProcessRig.UntilExited(process);

        Assert.Equal(["é"], rig.Handler.Output);
    }

    [Fact]
    public void A_line_over_the_limit_is_left_out_and_noted()
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start(
            "echo before; printf %0200000d 1; echo; echo 12345678901; echo 1234567890; printf %011d 1",
            ProcessRig.Shell with { MaxLineLength = 10 });
        ProcessRig.UntilExited(process);

        Assert.Equal(["out: before", "out: 1234567890", "exit 0"], rig.Handler.Events);
        Assert.Equal(3, process.ErrorCount);
        Assert.All(process.Errors, error => Assert.Equal("Output", error.Handler));
    }

    private static long BytesWrittenBy(int process) => File.ReadLines($"/proc/{process}/io")
        .Where(line => line.StartsWith("wchar: ", StringComparison.Ordinal))
        .Select(line => long.Parse(line["wchar: ".Length..], CultureInfo.InvariantCulture))
        .Single();
}
