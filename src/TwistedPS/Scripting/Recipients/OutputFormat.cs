using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>How what a handler outputs becomes messages.</summary>
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
            // An error of the script, which its OnError may deal with.
            throw new RuntimeException(e.Message, e);
        }
    }

    /// <summary>Makes a message of each object; null where several may be one message.</summary>
    public virtual Func<object, TMessage>? ToMessage => null;

    /// <summary>The text of an object, as PowerShell converts.</summary>
    /// <exception cref="RuntimeException">It has none.</exception>
    protected static string TextOf(object item)
    {
        try
        {
            return LanguagePrimitives.ConvertTo<string>(item);
        }
        catch (PSInvalidCastException e)
        {
            // An error of the script, which its OnError may deal with.
            throw new RuntimeException(e.Message, e);
        }
    }

    /// <summary>Null is no message.</summary>
    public abstract IEnumerable<TMessage> Messages(IEnumerable<PSObject?> output);
}
