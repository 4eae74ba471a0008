using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>The conversion of a handler's output to messages.</summary>
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

    /// <summary>The conversion of a single object to a message; null if several objects may form one message.</summary>
    public virtual Func<object, TMessage>? ToMessage => null;

    /// <summary>Converts output to messages; null is no message.</summary>
    public abstract IEnumerable<TMessage> Messages(IEnumerable<PSObject?> output);
}
