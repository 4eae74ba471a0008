using Newtonsoft.Json;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;

namespace TwistedPS;

/// <summary>A server for a protocol of lines. Members may be used from any thread.</summary>
public sealed class LineServer : MessageServer<string>
{
    private static int s_lastId;

    internal LineServer(Reactor reactor, ServerOptions options, LineFormat format, IServerHandler handler, string onLine = "OnLine")
        : base(reactor, options, format, handler, Interlocked.Increment(ref s_lastId), onLine)
    {
    }

    /// <summary>Its open connections.</summary>
    [JsonIgnore]
    public new LineConnection[] Connections => [.. base.Connections.Cast<LineConnection>()];

    /// <summary>Raised on the reactor's thread for each line.</summary>
    public event EventHandler<LineReceivedEventArgs>? LineReceived;

    /// <summary>The number of lines received.</summary>
    public long LinesIn => MessagesIn;

    /// <summary>The number of lines sent.</summary>
    public long LinesOut => MessagesOut;

    /// <summary>The number of lines that were too long.</summary>
    public long LinesTooLong => MessagesTooLong;

    /// <summary>The number of connections that ended in the middle of a line, or of bytes in place of lines.</summary>
    public long LinesCutOff => MessagesCutOff;

    internal new LineFormat Format => (LineFormat)base.Format;

    private protected override string Kind => "line server";

    private protected override string ToMessage(string text) => text;

    private protected override Connection CreateConnection(ServicePart part, int number) => new LineConnection(part, number, Format, (connection, line) =>
        Raise(nameof(LineReceived), LineReceived, connection, line, static (it, line) => new LineReceivedEventArgs(it, line)));
}
