using System.Management.Automation;
using TwistedPS.Engine.Streams;

namespace TwistedPS.Scripting;

/// <summary>A dialogue with one peer, in a script that waits for what the peer sends: work for a worker.</summary>
/// <param name="script">The script.</param>
internal abstract class ConversationWork(ConversationScript script) : BlockingWork(script.Location)
{
    [ThreadStatic]
    private static ConversationWork? s_current;

    /// <summary>The conversation that runs on the calling thread; null for none.</summary>
    public static ConversationWork? Current => s_current;

    /// <summary>The connection to the peer.</summary>
    public abstract Connection Connection { get; }

    /// <summary>Whether the peer can't be reached any more.</summary>
    public bool HasEnded => Connection.Transport is not { IsOpen: true };

    /// <summary>Whether each byte that it outputs is sent by itself, as where nothing frames messages.</summary>
    public abstract bool StreamsBytes { get; }

    /// <summary>Sends what the script has output so far and what waits for more of its kind. On its thread only.</summary>
    public Action SendOutput { get; set; } = () => { };

    /// <summary>Whether output is to be sent together with what follows: bytes of one message, or what a console shows as a table.</summary>
    public abstract bool WaitsForMore(PSObject output);

    /// <summary>Returns the messages of its peer, where they are of a type; null for none.</summary>
    public IMessageSource<TMessage>? SourceOf<TMessage>() => (Connection as MessageConnection<TMessage>)?.Inbox;

    /// <summary>Returns output as bytes on the wire. On its thread only.</summary>
    /// <param name="output">The output.</param>
    /// <param name="messages">The number of messages in it.</param>
    /// <exception cref="RuntimeException">It can't be sent.</exception>
    public abstract ReadOnlyMemory<byte> Encode(IEnumerable<PSObject?> output, out int messages);

    /// <summary>Sends the result of a deferred when it fires.</summary>
    public abstract void SendLater(Deferred deferred);

    protected override object? Invoke(PowerShell pipeline, Action begin)
    {
        s_current = this;
        try
        {
            script.AddTo(pipeline, begin, Connection);
            pipeline.Invoke();
            return null;
        }
        finally
        {
            s_current = null;
        }
    }

    protected override void Log(LogLevel level, string message) => Connection.Log(level, message);
}
