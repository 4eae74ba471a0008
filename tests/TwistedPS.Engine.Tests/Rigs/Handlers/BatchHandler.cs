namespace TwistedPS.Tests;

/// <summary>A handler of a server that accepts all available lines in one call.</summary>
internal sealed class BatchHandler : IServerHandler, IConnectionHandler<string>
{
    private readonly List<string> _told = [];

    /// <summary>Called with each line.</summary>
    public Action<LineConnection, string>? OnLine { get; init; }

    /// <summary>The line after which it returns without asking for more.</summary>
    public string? LeavesAfter { get; init; }

    /// <summary>Called after it has asked for another line and there was none.</summary>
    public Action<LineConnection>? OnNoMore { get; init; }

    /// <summary>Its lines, those of each call in brackets, and other notes of a test.</summary>
    public string Told
    {
        get
        {
            lock (_told)
                return string.Join(' ', _told);
        }
    }

    /// <summary>The same, with calls that follow one another as one: on a busy machine a turn may end between two lines.</summary>
    public string ToldAsOne => Told.Replace("] [ ", "", StringComparison.Ordinal);

    public static BatchHandler Echo() => new() { OnLine = (connection, line) => connection.Send(line) };

    public void Received(Connection connection, MessageBatch<string> messages)
    {
        Note("[");
        try
        {
            ReadAll((LineConnection)connection, messages);
        }
        finally
        {
            Note("]");
        }
    }

    public void Note(string happened)
    {
        lock (_told)
            _told.Add(happened);
    }

    void IConnectionHandler<string>.Received(Connection connection, string message) => Assert.Fail("Nothing comes one by one.");

    void IConnectionHandler.Connected(Connection connection)
    {
    }

    void IConnectionHandler.ReadEnded(Connection connection) => Note("end");

    void IConnectionHandler.Disconnected(Connection connection, CloseReason reason) => Note($"{reason}");

    void IServerHandler.Started(Server server)
    {
    }

    void IServerHandler.Stopped(Server server)
    {
    }

    private void ReadAll(LineConnection connection, MessageBatch<string> lines)
    {
        while (lines.NextCall())
        {
            Note(lines.Current);
            OnLine?.Invoke(connection, lines.Current);
            if (lines.Current == LeavesAfter)
                return;
        }

        OnNoMore?.Invoke(connection);
    }
}
