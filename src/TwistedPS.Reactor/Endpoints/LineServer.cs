using System.Buffers;

namespace TwistedPS;

/// <summary>A server whose protocol is made of lines. Members may be used from any thread.</summary>
public sealed class LineServer : Server
{
    private static int s_lastId;

    internal LineServer(Reactor reactor, ServerOptions options, LineFormat format, IServerHandler handler)
        : base(reactor, options, handler, Interlocked.Increment(ref s_lastId), "OnLine") => Format = format;

    /// <summary>Its open connections.</summary>
    public new LineConnection[] Connections => [.. base.Connections.Cast<LineConnection>()];

    /// <summary>Raised on the reactor's thread for each line.</summary>
    public event EventHandler<LineReceivedEventArgs>? LineReceived;

    /// <summary>Lines received.</summary>
    public long LinesIn => MessagesIn;

    /// <summary>Lines sent.</summary>
    public long LinesOut => MessagesOut;

    /// <summary>Connections that were closed because a line was too long.</summary>
    public long LinesTooLong => MessagesTooLong;

    /// <summary>Times that a connection ended in the middle of a line.</summary>
    public long LinesCutOff => MessagesCutOff;

    internal LineFormat Format { get; }

    private protected override string Kind => "line server";

    /// <summary>Sends text to all connections but some. A peer that doesn't keep up is dropped. Does not wait.</summary>
    internal void Broadcast(string text, IReadOnlyCollection<Connection> except)
    {
        var buffer = new ArrayBufferWriter<byte>();
        int lines = Format.Write(buffer, text);
        void SendToAll()
        {
            foreach (LineConnection connection in Connections.Except(except))
                connection.Broadcast(buffer.WrittenSpan, lines);
        }

        Reactor.Do(SendToAll);
    }

    private protected override Connection CreateConnection(int number) => new LineConnection(this, number, Format, (connection, line) =>
        Raise(nameof(LineReceived), LineReceived, connection, () => new LineReceivedEventArgs(connection, line)));
}
