namespace TwistedPS.Tests;

/// <summary>The handlers of a TCP server or client, which record every call and do what a test asks for.</summary>
internal sealed class DataHandler : IServerHandler, IClientHandler, IConnectionHandler<byte[]>
{
    private readonly List<string> _events = [];
    private readonly List<byte[]> _messages = [];

    public Action<DataConnection>? OnConnect { get; init; }

    public Action<DataConnection, byte[]>? OnData { get; init; }

    public Action<DataConnection>? OnEnd { get; init; }

    /// <summary>The recorded calls, such as <c>connect 0</c>, <c>end 0</c>, <c>disconnect 0: Done</c>.</summary>
    public string[] Events => Copy(_events);

    /// <summary>The received messages of all connections.</summary>
    public byte[][] Messages => Copy(_messages);

    public byte[] Bytes => [.. Messages.SelectMany(message => message)];

    public static DataHandler Echo() => new() { OnData = (connection, data) => connection.Send(data) };

    public bool Has(string happened) => Events.Contains(happened);

    public void Connected(Connection connection)
    {
        Note(_events, $"connect {connection.Number}");
        OnConnect?.Invoke((DataConnection)connection);
    }

    public void Received(Connection connection, byte[] message)
    {
        Note(_messages, message);
        OnData?.Invoke((DataConnection)connection, message);
    }

    public void ReadEnded(Connection connection)
    {
        Note(_events, $"end {connection.Number}");
        OnEnd?.Invoke((DataConnection)connection);
    }

    public void Disconnected(Connection connection, CloseReason reason) => Note(_events, $"disconnect {connection.Number}: {reason}");

    public void Started(Server server) => Note(_events, "start");

    public void Stopped(Server server) => Note(_events, "stop");

    public void Connecting(Client client) => Note(_events, "connecting");

    public void ConnectFailed(Client client, Exception error) => Note(_events, $"failed: {error.GetType().Name}");

    private static T[] Copy<T>(List<T> list)
    {
        lock (list)
            return [.. list];
    }

    private static void Note<T>(List<T> list, T item)
    {
        lock (list)
            list.Add(item);
    }
}
