using System.Buffers;
using System.Text;

namespace TwistedPS.Tests;

public sealed class ReceiveQueueTests : IDisposable
{
    private const int Limit = 4 * 1024 * 1024;
    private const int LengthOfLine = 10_000;

    private readonly Reactor _reactor = new(time: new ManualClock());
    private readonly LineClient _client;

    public ReceiveQueueTests() => _client = new LineClient(_reactor, new ClientOptions(), new LineFormat(), null);

    public void Dispose()
    {
        _client.Dispose();
        _reactor.Dispose();
    }

    [Fact]
    public void At_the_limit_the_connection_is_paused_and_goes_on_when_there_is_room()
    {
        const int Lines = 1000;
        Transport far = Connect();
        SendLines(far, 0, Lines);
        _reactor.Turn(500);
        AssertAtLimit();
        for (int i = 0; i < Lines; i++)
        {
            string line = "";
            _reactor.TurnUntil(() => _client.TryReceive(out line));
            Assert.StartsWith($"{i} ", line, StringComparison.Ordinal);
        }

        Assert.False(_client.TryReceive(out _));
    }

    [Fact]
    public void Unread_lines_count_towards_the_limit_of_the_next_connection()
    {
        Transport far = Connect();
        SendLines(far, 0, 500);
        _reactor.Turn(500);
        AssertAtLimit();
        far.Abort(CloseReason.Aborted);
        _reactor.Turn();
        far = Connect();
        SendLines(far, 1000, 500);
        _reactor.Turn(500);
        AssertAtLimit();
        int received = 0;
        string last = "";
        while (last is not ['1', '4', '9', '9', ..])
        {
            _reactor.TurnUntil(() => _client.TryReceive(out last));
            received++;
        }

        Assert.True(received >= 500 + (Limit / LengthOfLine) - 1);
    }

    [Fact]
    public void It_says_once_that_it_is_full_and_once_that_there_is_room()
    {
        int full = 0;
        int drained = 0;
        var queue = new ReceiveQueue<string>(new LineFormat().SizeOf, () => full++, () => drained++);
        string line = new('x', LengthOfLine);
        for (int round = 1; round <= 3; round++)
        {
            for (int i = 0; i < 1000; i++)
                queue.Add(line);
            Assert.Equal((round, round - 1), (full, drained));
            while (queue.TryDequeue(out _))
                Assert.True(queue.Count < 1000);
            Assert.Equal((round, round), (full, drained));
        }
    }

    [Fact]
    public async Task What_is_given_back_is_the_next_to_be_taken()
    {
        ReceiveQueue<string> queue = NewQueue("a", "b", "c");
        Assert.True(queue.TryDequeue(out _));
        Assert.True(queue.TryDequeue(out string taken));
        queue.Return(taken);
        Assert.Equal(2, queue.Count);
        foreach (string expected in new[] { "b", "c" })
        {
            Assert.True(await queue.WaitAsync(CancellationToken.None));
            Assert.True(queue.TryDequeue(out taken));
            Assert.Equal(expected, taken);
        }

        Assert.False(queue.TryDequeue(out _));
    }

    [Fact]
    public async Task What_is_given_back_can_be_taken_after_the_end()
    {
        ReceiveQueue<string> queue = NewQueue("a");
        Assert.True(queue.TryDequeue(out string taken));
        queue.Complete();
        Assert.False(await queue.WaitAsync(CancellationToken.None));
        queue.Return(taken);
        Assert.True(await queue.WaitAsync(CancellationToken.None));
        Assert.True(queue.TryDequeue(out taken));
        Assert.Equal("a", taken);
        Assert.False(await queue.WaitAsync(CancellationToken.None));
    }

    [Fact]
    public void What_is_given_back_counts_towards_the_limit_again()
    {
        int drained = 0;
        string large = new('x', 3 * 1024 * 1024);
        var queue = new ReceiveQueue<string>(new LineFormat().SizeOf, () => { }, () => drained++);
        queue.Add(large);
        queue.Add("");
        queue.Add(large);
        Assert.True(queue.IsFull);
        Assert.True(queue.TryDequeue(out string taken));
        queue.Return(taken);
        Assert.True(queue.TryDequeue(out _));
        Assert.True(queue.TryDequeue(out _));
        Assert.Equal((0, true), (drained, queue.IsFull));
        Assert.True(queue.TryDequeue(out _));
        Assert.Equal((1, false), (drained, queue.IsFull));
    }

    private static ReceiveQueue<string> NewQueue(params string[] messages)
    {
        var queue = new ReceiveQueue<string>(new LineFormat().SizeOf, () => { }, () => { });
        foreach (string message in messages)
            queue.Add(message);
        return queue;
    }

    private Transport Connect()
    {
        (Transport near, Transport far) = MemoryPair.Create(_reactor.Loop);
        far.Limit.Bytes = int.MaxValue;
        far.Start(new RecordingProtocol());
        _reactor.Post(() => _client.Use(near));
        _reactor.Turn();
        return far;
    }

    private static void SendLines(Transport far, int first, int count)
    {
        for (int i = first; i < first + count; i++)
            far.Output!.Write(Encoding.UTF8.GetBytes($"{i} ".PadRight(LengthOfLine) + "\n"));
    }

    private void AssertAtLimit() =>
        Assert.InRange(_client.WaitingLines, (Limit / (LengthOfLine + 50)) - 1, (Limit / LengthOfLine) + 1);
}
