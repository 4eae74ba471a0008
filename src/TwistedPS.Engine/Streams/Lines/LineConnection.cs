using System.Security.Authentication;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;
using TwistedPS.Engine.Tls;

namespace TwistedPS;

/// <summary>A connection that carries lines.</summary>
public sealed class LineConnection : MessageConnection<string>
{
    private bool _invalidBytesNoted;

    internal LineConnection(ServicePart part, int number, LineFormat format, Action<Connection, string> arrived)
        : base(part, number, format, arrived)
    {
    }

    /// <summary>The number of lines received.</summary>
    public long LinesIn => MessagesIn;

    /// <summary>The number of lines sent, or about to be. Text with line breaks counts as several.</summary>
    public long LinesOut => MessagesOut;

    /// <summary>The number of bytes received that were not valid in the encoding.</summary>
    public long InvalidBytes => LineFramer.InvalidBytes;

    /// <summary>
    /// The beginning of a line whose end has not come; empty if nothing of one has, or lines before it wait. On the reactor's thread
    /// only, and not in a handler.
    /// </summary>
    internal string Unfinished
    {
        get
        {
            string text = LineFramer.ReadBeginning(Receiver.Undelivered.Span);
            return text.Contains('\n') ? "" : text.TrimEnd('\r');
        }
    }

    private LineFramer LineFramer => (LineFramer)Framer;

    /// <summary>
    /// Reads all bytes as they come, until <see cref="ReadLines()"/> or <see cref="MessageConnection{T}.ReadBytes"/> (Twisted's
    /// <c>setRawMode</c>). They go to the handler OnData.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no handler for them.</exception>
    public void ReadRaw()
    {
        RequireDataHandler();
        Reactor.Do(Receiver.ReadRaw);
    }

    /// <summary>Reads lines again.</summary>
    public void ReadLines() => Reactor.Do(() => Receiver.ReadMessages([]));

    /// <summary>Reads lines again (Twisted's <c>setLineMode(extra)</c>).</summary>
    /// <param name="rest">The bytes that the handler was given and that belong to lines: they are read again.</param>
    public void ReadLines(byte[]? rest) => Reactor.Do(() => Receiver.ReadMessages(rest));

    /// <summary>Has a text be a line even without an end, as a prompt; null for none. On the reactor's thread only.</summary>
    internal void Expect(LinePrompt? prompt)
    {
        LineFramer.Prompt = prompt;
        if (prompt is not null)
            Receiver.ReadAgain();
    }

    internal override void NoteSent(int count)
    {
        LineFramer.NoteSent();
        base.NoteSent(count);
    }

    private protected override void Began(ReadOnlySpan<byte> first)
    {
        if (Owner is LineClient && Tls is null && TlsRecord.IsAlert(first))
            Close(CloseReason.TlsFailed, new AuthenticationException("The server speaks TLS here; connect with -Tls."));
    }

    private protected override void Arriving()
    {
        if (_invalidBytesNoted || InvalidBytes == 0)
            return;
        _invalidBytesNoted = true;
        Log(
            LogLevel.Warning, $"Received bytes that are not valid {((LineFormat)Format).Encoding.WebName}; they are decoded as U+FFFD.");
    }
}
