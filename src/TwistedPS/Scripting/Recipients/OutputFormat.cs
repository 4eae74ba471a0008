using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>The conversion of a handler's output to messages.</summary>
internal abstract class OutputFormat<TMessage>
{
    /// <summary>Sends output to a connection. On the reactor's thread only.</summary>
    public void Send(IEnumerable<PSObject?> output, MessageConnection<TMessage> connection)
    {
        try
        {
            foreach (TMessage message in Messages(output))
                connection.Write(message);
        }
        catch (MessageTooLongException e)
        {
            // An error of the script, which its OnError may handle.
            throw new RuntimeException(e.Message, e);
        }
    }

    /// <summary>The conversion of a single object to a message; null if several objects may form one message.</summary>
    public virtual Func<object, TMessage>? ToMessage => null;

    /// <summary>Returns the text of an object, converted as PowerShell does.</summary>
    /// <exception cref="RuntimeException">The object has no text.</exception>
    protected static string TextOf(object item)
    {
        try
        {
            return LanguagePrimitives.ConvertTo<string>(item);
        }
        catch (PSInvalidCastException e)
        {
            // An error of the script, which its OnError may handle.
            throw new RuntimeException(e.Message, e);
        }
    }

    /// <summary>Converts output to messages; null is no message.</summary>
    public abstract IEnumerable<TMessage> Messages(IEnumerable<PSObject?> output);
}
