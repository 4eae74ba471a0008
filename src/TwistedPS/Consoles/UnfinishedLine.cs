namespace TwistedPS.Consoles;

/// <summary>
/// What the server of a client has sent of a line whose end has not come, such as a prompt; less what is on the screen already,
/// since it stood before a line that was typed.
/// </summary>
/// <param name="client">The client.</param>
internal sealed class UnfinishedLine(LineClient client)
{
    private LineConnection? _connection;
    private Task<(string Text, long LinesBefore)>? _asked;
    private (long Bytes, long Lines) _seen;
    private string _whole = "";
    private string _shown = "";

    /// <summary>What is not on the screen for good.</summary>
    public string Text => _whole.StartsWith(_shown, StringComparison.Ordinal) ? _whole[_shown.Length..] : _whole;

    /// <summary>Sees what has come.</summary>
    /// <param name="showLines">Shows lines that have come whole, and says whether there are no more.</param>
    public void Update(Func<bool> showLines)
    {
        Task<(string Text, long LinesBefore)>? answered = _asked is { IsCompleted: true } asked ? asked : null;
        if (!showLines())
            return;
        if (answered is not null)
            _asked = null;

        // It may have become one of the lines that were shown.
        if (answered is { IsCompletedSuccessfully: true } && answered.Result.LinesBefore == _connection?.LinesIn)
            _whole = answered.Result.Text;
        if (_asked is null)
            Ask();
    }

    /// <summary>Returns what is to be shown of a line that has come whole.</summary>
    public string EndWith(string line)
    {
        string rest = line.StartsWith(_shown, StringComparison.Ordinal) ? line[_shown.Length..] : line;
        _whole = _shown = "";
        return rest;
    }

    /// <summary>Notes that it stands before a line that was typed, and stays there.</summary>
    public void Leave() => _shown = _whole;

    private void Ask()
    {
        if (client.Connection is not { } connection)
            return;
        if (connection != _connection)
        {
            (_connection, _seen) = (connection, default);
            _whole = _shown = "";
        }

        (long, long) now = (connection.BytesIn, connection.LinesIn);
        if (now == _seen || !client.IsQueued)
            return;
        _seen = now;
        _asked = client.Reactor.InvokeAsync(() => (connection.Unfinished, connection.LinesIn));
    }
}
