namespace TwistedPS.Tests;

[Collection(RunsAlone.Name)]
public sealed class ProcessFlowTests
{
    private const int Limit = 100_000;
    private const int Size = 5_000_000;

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task The_connection_whose_handler_writes_to_a_process_that_does_not_read_waits(PollerKind poller)
    {
        string line = new('x', 9_999);
        ReactorProcess? process = null;
        var handler = new RecordingHandler { OnLine = (_, text) => process!.Send(text) };
        using var rig = new SocketRig(poller, handler);
        var output = new RecordingProcessHandler();
        process = new ReactorProcess(rig.Reactor, ProcessRig.Shell with { Arguments = ["-c", "kill -STOP $$; exec wc -c"], InputLimit = Limit }, output);
        rig.Do(process.Start);
        using IPeer peer = rig.Connect();
        Task sending = Task.Run(() =>
        {
            for (int i = 0; i < Size / 10_000; i++)
                peer.Send($"{line}\n");
        });
        rig.Until(() => process.UnsentBytes > Limit / 2 && ProcessRig.IsStopped(process.ProcessId));
        for (int i = 0; i < 100; i++)
            rig.Do(() => Assert.InRange(process.UnsentBytes, Limit / 2, Limit + (2 * 65536)));

        process.Signal(ProcessSignal.Parse("CONT"));
        await sending.Soon();
        rig.Until(() => handler.LinesOf(0).Length == Size / 10_000);
        process.EndInput();
        ProcessRig.UntilExited(process);

        Assert.Equal([$"{Size}"], output.Output);
        Assert.Equal(0, rig.Server.ErrorCount);
    }

    [Fact]
    public void The_process_whose_handler_writes_to_another_waits()
    {
        using var rig = new ProcessRig();
        var counted = new RecordingProcessHandler();
        var counter = new ReactorProcess(
            rig.Reactor, ProcessRig.Shell with { Arguments = ["-c", "kill -STOP $$; exec wc -c"], InputLimit = Limit }, counted);
        rig.Do(counter.Start);
        var from = new RecordingProcessHandler { OnBytes = counter.Write };
        var source = new ReactorProcess(
            rig.Reactor, ProcessRig.Shell with { Arguments = ["-c", $"head -c {Size} /dev/zero"], OutputIsBytes = true }, from);
        rig.Do(source.Start);

        // The pipe takes 64 KB at most.
        rig.Until(() => source.BytesOut >= Limit && ProcessRig.IsStopped(counter.ProcessId));
        for (int i = 0; i < 100; i++)
            rig.Do(() => Assert.InRange(counter.UnsentBytes, Limit - 65536, Limit + (2 * 65536)));

        counter.Signal(ProcessSignal.Parse("CONT"));
        ProcessRig.UntilExited(source);
        counter.EndInput();
        ProcessRig.UntilExited(counter);

        Assert.Equal([$"{Size}"], counted.Output);
    }

    [Fact]
    public void What_waits_for_a_process_that_ends_goes_on()
    {
        using var rig = new ProcessRig();
        var reader = new ReactorProcess(rig.Reactor, new ProcessOptions { FileName = "sleep", Arguments = ["1000"], InputLimit = Limit }, new RecordingProcessHandler());
        rig.Do(reader.Start);
        var from = new RecordingProcessHandler { OnBytes = reader.Write };
        var source = new ReactorProcess(
            rig.Reactor, ProcessRig.Shell with { Arguments = ["-c", $"head -c {Size} /dev/zero"], OutputIsBytes = true }, from);
        rig.Do(source.Start);
        rig.Until(() => reader.UnsentBytes > Limit / 2);

        reader.Signal(ProcessSignal.Kill);
        ProcessRig.UntilExited(source);

        Assert.Equal(Size, source.BytesOut);
        Assert.True(source.ErrorCount > 0, "What was written to the process that had ended is lost silently.");
    }

    [Fact]
    public void Its_own_handler_is_refused_at_the_limit_since_its_output_must_be_read()
    {
        ReactorProcess? process = null;
        using var rig = new ProcessRig
        {
            Handler = new RecordingProcessHandler { OnOutput = _ => process!.Send(new string('x', 3 * Limit)) },
        };
        process = rig.Start("read x; printf '1\\n2\\n3\\n'; exec sleep 1000", ProcessRig.Shell with { InputLimit = Limit });
        process.Send("go");

        rig.Until(() => process.ErrorCount == 2);

        Assert.Equal(["out: 1", "out: 2", "out: 3"], rig.Handler.Events);
        Assert.Contains("does not read", process.Errors[0].Message);
        process.Signal(ProcessSignal.Kill);
        ProcessRig.UntilExited(process);
    }
}
