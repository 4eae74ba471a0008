using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>The conversion of messages to what a handler is given, and of its output to messages.</summary>
internal abstract class OutputFormat<TMessage>
{
    /// <summary>Sends output to a connection. On the reactor's thread only.</summary>
    public void Send(IEnumerable<PSObject?> output, MessageConnection<TMessage> connection)
    {
        TMessage[] all = [.. Messages(output)];
        foreach (TMessage message in all)
        {
            // An error of the script, which its OnError may handle; none of the output is sent.
            if (connection.Format.Refuse(message) is { } error)
                throw new RuntimeException(error.Message, error, Errors.MessageRefused(error, connection));
        }

        foreach (TMessage message in all)
            connection.WriteOutput(message);
    }

    /// <summary>The conversion of a single object to a message; null if that is done in another way.</summary>
    public virtual Func<object, TMessage>? ToMessage => null;

    /// <summary>Whether bytes that are output in a row are one message.</summary>
    public virtual bool JoinsBytes => false;

    /// <summary>Whether it doesn't matter how bytes are grouped, so that each may go by itself.</summary>
    public virtual bool StreamsBytes => false;

    /// <summary>Whether an object is not known to be a message of its own before the next one.</summary>
    public virtual bool WaitsForMore(PSObject item) => Rendering.OwnTextOf(item) is null;

    /// <summary>Returns what a handler is given for a message; AutomationNull for a message that it is not called for.</summary>
    /// <exception cref="RuntimeException">The message can't be converted.</exception>
    public virtual object? Given(TMessage message) => message;

    /// <summary>Whether an object becomes a message, or a part of one, without any script.</summary>
    public abstract bool IsPlain(object? item);

    /// <summary>Converts output to messages; null is no message.</summary>
    public abstract IEnumerable<TMessage> Messages(IEnumerable<PSObject?> output);
}
