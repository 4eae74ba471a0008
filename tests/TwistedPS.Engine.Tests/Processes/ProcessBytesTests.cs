using System.IO.Compression;
using System.Text;

namespace TwistedPS.Tests;

[Collection(RunsAlone.Name)]
public class ProcessBytesTests
{
    private const int Size = 4_000_000;

    private static readonly ProcessOptions s_bytes = new() { FileName = "cat", OutputIsBytes = true, ErrorOutputIsBytes = true };

    [Theory]
    [InlineData("cat")]
    [InlineData("tee /dev/null")]
    [InlineData("dd bs=7777 status=none")]
    [InlineData("gzip -1 | gzip -d")]
    public void Bytes_pass_both_ways_as_they_are(string program)
    {
        byte[] sent = Random(Size);
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start(program, s_bytes with { FileName = "sh", InputLimit = Size });

        foreach (byte[] piece in sent.Chunk(77_777))
            process.Write(piece);
        process.EndInput();
        ProcessRig.UntilExited(process);

        Same(sent, rig.Handler.Bytes);
        Assert.Equal((Size, Size, 0L, 0L), (process.BytesIn, process.BytesOut, process.BytesError, process.UnsentBytes));
        Assert.Equal(["exit 0"], rig.Handler.Events);
    }

    [Fact]
    public void Input_that_is_given_is_sent_as_it_is_and_ended()
    {
        byte[] sent = Random(Size);
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start(s_bytes with { FileName = "gzip", InputBytes = sent });
        ProcessRig.UntilExited(process);

        using var unpacked = new MemoryStream();
        using (var zipped = new GZipStream(new MemoryStream(rig.Handler.Bytes), CompressionMode.Decompress))
            zipped.CopyTo(unpacked);
        Same(sent, unpacked.ToArray());
    }

    [Fact]
    public void Input_of_no_bytes_is_ended()
    {
        using var rig = new ProcessRig();

        Assert.Equal(["exit 0"], rig.Run("cat", s_bytes with { FileName = "sh", InputBytes = [] }));
    }

    [Fact]
    public void Texts_bytes_and_numbers_are_written_with_nothing_added()
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start(s_bytes with { Encoding = Encoding.Latin1 });
        byte[] reused = [1, 2];

        process.Write("é");
        process.Write(reused);
        reused[0] = 9;
        process.Write(new object[] { 255, "\n", new byte[] { 0 } });
        process.Write(42);
        process.Write((string?)null);
        process.Send("x");
        process.EndInput();
        ProcessRig.UntilExited(process);

        Assert.Equal("\u00e9\u0001\u0002\u00ff\n\042x\n", rig.Handler.Text);
        Assert.Throws<InvalidOperationException>(() => process.Write("late"));
    }

    [Fact]
    public void Bytes_come_without_waiting_for_the_end_of_a_line()
    {
        using var rig = new ProcessRig();
        ReactorProcess process = rig.Start("printf 'name: '; read x; printf '\\0\\377' >&2; exit 4", s_bytes with { FileName = "sh" });
        rig.Until(() => rig.Handler.Text == "name: ");

        process.Send("me");
        ProcessRig.UntilExited(process);

        Assert.Equal(["error: 00FF", "exit 4"], rig.Handler.Events);
        Assert.Equal((0, 0), (process.LinesOut, process.LinesError));
    }

    [Fact]
    public void Output_is_delivered_to_its_end_before_the_exit_however_slow_the_handler_is()
    {
        const int Rest = 50_000;
        int before = 0;
        ReactorProcess? process = null;
        using var rig = new ProcessRig
        {
            Handler = new RecordingProcessHandler
            {
                // The first byte holds the reactor until the process has gone, and has left the rest in its pipe.
                OnBytes = _ =>
                {
                    process!.Send("go");
                    Assert.True(SpinWait.SpinUntil(() => !ProcessRig.IsAlive(process.ProcessId), Waiting.Limit));
                },
                OnExit = ended => before = (int)ended.BytesOut,
            },
        };
        string script = $"printf 1; read x; head -c {Rest} /dev/zero";
        rig.Do(() =>
        {
            process = new ReactorProcess(rig.Reactor, s_bytes with { FileName = "sh", Arguments = ["-c", script] }, rig.Handler);
            process.Start();
        });
        ProcessRig.UntilExited(process!);

        Assert.Equal((1 + Rest, 1 + Rest), (before, rig.Handler.Bytes.Length));
    }

    [Fact]
    public void The_bytes_after_an_interrupted_handler_come()
    {
        bool isFirst = true;
        using var rig = new ProcessRig
        {
            Handler = new RecordingProcessHandler
            {
                OnBytes = _ =>
                {
                    if (!isFirst)
                        return;
                    isFirst = false;
                    throw new ReactorInterruptedException(new OperationCanceledException());
                },
            },
        };
        rig.Run("head -c 300000 /dev/zero", s_bytes with { FileName = "sh" });

        Assert.Equal(300_000, rig.Handler.Bytes.Length);
    }

    private static byte[] Random(int size)
    {
        byte[] bytes = new byte[size];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private static void Same(byte[] sent, byte[] received) =>
        Assert.True(sent.AsSpan().SequenceEqual(received), $"{received.Length} bytes have come, and are not those that were sent.");
}
