using System.Text;

namespace TwistedPS.Testing;

/// <summary>What a client, or a socket without a handler, has received and nobody has asked for yet.</summary>
internal abstract class ReceivedMessages
{
    /// <summary>The client, or the socket.</summary>
    public abstract Service Client { get; }

    /// <summary>The word for one of its messages.</summary>
    public abstract string Noun { get; }

    /// <summary>Whether they are parts of a stream, which are cut anywhere.</summary>
    public virtual bool IsStream => false;

    /// <summary>Whether they wait, instead of going to a handler.</summary>
    public abstract bool IsQueued { get; }

    public abstract Encoding Encoding { get; }

    /// <summary>The words for the end after which nothing more can come; null while something can.</summary>
    public abstract string? End { get; }

    /// <summary>Returns those of a client; null for what is none.</summary>
    public static ReceivedMessages? Of(object? client) => client switch
    {
        LineClient lines => new ClientMessages<string>(lines, "line"),
        DataClient data => new ClientMessages<byte[]>(data, "message"),
        DatagramService datagrams => new ReceivedDatagrams(datagrams),
        _ => null,
    };

    /// <returns>A text, an array of bytes, or an exception; null if nothing waits.</returns>
    public abstract object? TryReceive();

    /// <summary>Puts messages back that were received and not used, the first of them the next to be received.</summary>
    public abstract void Return(IEnumerable<object> messages);

    /// <returns>False if there is nothing and nothing can come.</returns>
    public abstract Task<bool> WaitAsync(CancellationToken cancel);
}
