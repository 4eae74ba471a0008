using System.Text;

namespace TwistedPS.Tests;

/// <summary>The handlers of a server or client, which record every call and do what a test asks for.</summary>
internal sealed class RecordingHandler : IServerHandler, IClientHandler, IConnectionHandler<string>
{
    private readonly List<string> _events = [];
    private int _depth;

    public Action<LineConnection>? OnConnect { get; init; }

    public Action<LineConnection, string>? OnLine { get; init; }

    /// <summary>Called with bytes that come in place of lines.</summary>
    public Action<LineConnection, byte[]>? OnData { get; init; }

    /// <summary>Called with the beginning of a line that is too long.</summary>
    public Action<LineConnection, string>? OnTooLong { get; init; }

    public Action<LineConnection>? OnEnd { get; init; }

    /// <summary>Recorded only where there is one.</summary>
    public Action<LineConnection>? OnDrain { get; init; }

    public Action<LineConnection, CloseReason>? OnDisconnect { get; init; }

    public Action<LineServer>? OnStart { get; init; }

    public Action<LineServer>? OnStop { get; init; }

    public Action<LineClient>? OnConnecting { get; init; }

    public Action<LineClient, Exception>? OnConnectFailed { get; init; }

    /// <summary>Whether a handler was ever called during another.</summary>
    public bool WasNested { get; private set; }

    /// <summary>The recorded calls, such as <c>connect 0</c>, <c>line 0: text</c>, <c>disconnect 0: Done</c>.</summary>
    public string[] Events
    {
        get
        {
            lock (_events)
                return [.. _events];
        }
    }

    public static RecordingHandler Echo() => new() { OnLine = (connection, line) => connection.Send(line) };

    public string[] LinesOf(int connection) => Events
        .Where(it => it.StartsWith($"line {connection}: ", StringComparison.Ordinal))
        .Select(it => it[$"line {connection}: ".Length..])
        .ToArray();

    /// <summary>The calls for what a connection has received, such as <c>line: text</c>, <c>data: text</c>.</summary>
    public string[] ArrivalsOf(int connection) => Events
        .Select(it => it.Split($" {connection}: ", 2))
        .Where(it => it is ["line" or "data" or "too long", _])
        .Select(it => $"{it[0]}: {it[1]}")
        .ToArray();

    public bool Has(string happened)
    {
        lock (_events)
            return _events.Contains(happened);
    }

    public int Count(string happened) => Events.Count(it => it == happened);

    public void Connected(Connection connection) =>
        Note($"connect {connection.Number}", () => OnConnect?.Invoke((LineConnection)connection));

    public void Received(Connection connection, string message) =>
        Note($"line {connection.Number}: {message}", () => OnLine?.Invoke((LineConnection)connection, message));

    public bool HandlesData => OnData is not null;

    public bool HandlesTooLong => OnTooLong is not null;

    public void ReceivedData(Connection connection, byte[] data) =>
        Note($"data {connection.Number}: {Encoding.Latin1.GetString(data)}", () => OnData!((LineConnection)connection, data));

    public void ReceivedTooLong(Connection connection, string beginning) =>
        Note($"too long {connection.Number}: {beginning}", () => OnTooLong!((LineConnection)connection, beginning));

    public void ReadEnded(Connection connection) => Note($"end {connection.Number}", () => OnEnd?.Invoke((LineConnection)connection));

    public void Drained(Connection connection)
    {
        if (OnDrain is not null)
            Note($"drain {connection.Number}", () => OnDrain((LineConnection)connection));
    }

    public void Disconnected(Connection connection, CloseReason reason) =>
        Note($"disconnect {connection.Number}: {reason}", () => OnDisconnect?.Invoke((LineConnection)connection, reason));

    public void Started(Server server) => Note("start", () => OnStart?.Invoke((LineServer)server));

    public void Stopped(Server server) => Note("stop", () => OnStop?.Invoke((LineServer)server));

    public void Connecting(Client client) => Note("connecting", () => OnConnecting?.Invoke((LineClient)client));

    public void ConnectFailed(Client client, Exception error) =>
        Note($"failed: {error.GetType().Name}", () => OnConnectFailed?.Invoke((LineClient)client, error));

    private void Note(string happened, Action act)
    {
        WasNested |= _depth > 0;
        _depth++;
        try
        {
            lock (_events)
                _events.Add(happened);
            act();
        }
        finally
        {
            _depth--;
        }
    }
}
