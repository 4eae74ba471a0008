using TwistedPS.Engine.Framing;

namespace TwistedPS;

/// <summary>A connection that carries lines.</summary>
public sealed class LineConnection : MessageConnection<string>
{
    private bool _invalidBytesNoted;

    internal LineConnection(NetworkService owner, int number, LineFormat format, Action<Connection, string> arrived)
        : base(owner, number, format, arrived)
    {
    }

    /// <summary>The number of lines received.</summary>
    public long LinesIn => MessagesIn;

    /// <summary>The number of lines sent, or about to be. Text with line breaks counts as several.</summary>
    public long LinesOut => MessagesOut;

    /// <summary>The number of bytes received that were not valid in the encoding.</summary>
    public long InvalidBytes => ((LineFramer)Framer).InvalidBytes;

    private protected override void Arriving()
    {
        if (_invalidBytesNoted || InvalidBytes == 0)
            return;
        _invalidBytesNoted = true;
        Log(
            LogLevel.Warning, $"Received bytes that are not valid {((LineFormat)Format).Encoding.WebName}; they are decoded as U+FFFD.");
    }
}
