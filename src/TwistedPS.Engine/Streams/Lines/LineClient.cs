using Newtonsoft.Json;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;
using TwistedPS.Engine.Transports;

namespace TwistedPS;

/// <summary>A client for a protocol of lines. Members may be used from any thread.</summary>
public sealed class LineClient : MessageClient<string>
{
    private static int s_lastId;
    private LinePrompt? _prompt;

    internal LineClient(Reactor reactor, ClientOptions options, LineFormat format, IClientHandler? handler)
        : base(reactor, options, format, handler, Interlocked.Increment(ref s_lastId), "OnLine")
    {
    }

    /// <summary>The current connection, or the last one; null before the first.</summary>
    [JsonIgnore]
    public new LineConnection? Connection => (LineConnection?)base.Connection;

    /// <summary>Its open connection, or none.</summary>
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

    /// <summary>The number of lines that wait to be received.</summary>
    public int WaitingLines => WaitingMessages;

    internal new LineFormat Format => (LineFormat)base.Format;

    private protected override string Kind => "line client";

    /// <summary>Has a text be a line even without an end, as a prompt; null for none. From any thread.</summary>
    internal void Expect(LinePrompt? prompt) => Reactor.Do(() =>
    {
        _prompt = prompt;
        Connection?.Expect(prompt);
    });

    internal override void Use(Transport transport)
    {
        base.Use(transport);
        Connection!.Expect(_prompt);
    }

    private protected override Connection CreateConnection(int number) => new LineConnection(Part, number, Format, Arrived);

    private protected override void RaiseReceived(Connection connection, string message) =>
        Raise(nameof(LineReceived), LineReceived, connection, message, static (it, message) => new LineReceivedEventArgs(it, message));
}
