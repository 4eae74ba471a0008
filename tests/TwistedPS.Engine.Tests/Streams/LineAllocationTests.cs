using System.Buffers;
using System.Text;

namespace TwistedPS.Tests;

public sealed class LineAllocationTests
{
    private const int LinesInSegment = 2000;

    /// <summary>The allowance in bytes per line for the turn of the reactor that all lines of a segment share.</summary>
    private const int Slack = 4;

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(24)]
    public void To_receive_and_send_a_line_takes_no_memory_but_for_its_text(int length)
    {
        var server = new EchoServer(length);
        using Reactor reactor = server.Reactor;
        server.EchoSegments(20);
        long before = GC.GetAllocatedBytesForCurrentThread();
        server.EchoSegments(10);
        double perLine = (GC.GetAllocatedBytesForCurrentThread() - before) / (10.0 * LinesInSegment);
        int text = length == 0 ? 0 : (22 + (2 * length) + 7) / 8 * 8;
        Assert.InRange(perLine, text, text + Slack);
    }

    private sealed class EchoServer : IServerHandler, IConnectionHandler<string>, IProtocol
    {
        private readonly Transport _far;
        private readonly byte[] _segment;
        private long _echoed;
        private long _expected;

        public EchoServer(int length)
        {
            _segment = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(new string('x', length) + "\r\n", LinesInSegment)));
            var server = new LineServer(Reactor, new ServerOptions(), new LineFormat(), this);
            (Transport near, _far) = MemoryPair.Create(Reactor.Loop);
            Reactor.Post(server.Start);
            Reactor.Post(() => server.Serve(near));
            Reactor.Turn();
            _far.Start(this);
        }

        public Reactor Reactor { get; } = new(time: new ManualClock());

        public void EchoSegments(int count)
        {
            for (int i = 0; i < count; i++)
            {
                _far.Output!.Write(_segment);
                _expected += _segment.Length;
                while (_echoed < _expected)
                    Reactor.Iterate();
            }
        }

        public void Received(Connection connection, MessageBatch<string> messages)
        {
            while (messages.NextCall())
                ((LineConnection)connection).WriteMessage(messages.Current);
        }

        public void DataReceived(ReadOnlyMemory<byte> data) => _echoed += data.Length;

        public void Received(Connection connection, string message) => Assert.Fail("Nothing comes one by one.");

        public void ConnectionMade(Transport transport)
        {
        }

        public void Connected(Connection connection)
        {
        }

        public void ReadEnded()
        {
        }

        public void ReadEnded(Connection connection)
        {
        }

        public void WriteReady()
        {
        }

        public void ConnectionLost(CloseReason reason, Exception? error)
        {
        }

        public void Disconnected(Connection connection, CloseReason reason)
        {
        }

        public void Started(Server server)
        {
        }

        public void Stopped(Server server)
        {
        }
    }
}
