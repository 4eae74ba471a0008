using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Internal;
using TwistedPS.Engine.Streams;

namespace TwistedPS.Scripting.Inlining;

/// <summary>
/// What an inlined script loops over: the messages that have arrived on a connection. It takes the output for each of them,
/// and sends it when the next one is asked for. On the reactor's thread only.
/// </summary>
internal sealed class MessageCalls<TMessage> : IEnumerator, IPendingOutput
{
    private readonly ConnectionRecipient<TMessage> _recipient;
    private readonly MessageConnection<TMessage> _connection;
    private readonly Func<object, TMessage> _toMessage;
    private readonly object?[] _extraArguments;
    private readonly List<object?> _output = [];
    private bool _isSpecial;
    private MessageBatch<TMessage> _messages = null!;

    /// <param name="recipient">The connection, as handlers know it.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="toMessage">Makes a message of an object that is output.</param>
    /// <param name="extraArguments">The handler's arguments besides its own.</param>
    public MessageCalls(
        ConnectionRecipient<TMessage> recipient,
        MessageConnection<TMessage> connection,
        Func<object, TMessage> toMessage,
        object?[] extraArguments) =>
        (_recipient, _connection, _toMessage, _extraArguments) = (recipient, connection, toMessage, extraArguments);

    /// <summary>The value of <c>$Connection</c> in the handler.</summary>
    public Connection Connection => _connection;

    /// <summary>The value of <c>$Server</c> or <c>$Client</c> in the handler.</summary>
    public NetworkService Owner => _connection.Owner;

    /// <summary>Whether all messages were taken.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether a message was taken whose call has not ended well.</summary>
    public bool IsCalling { get; private set; }

    public object? Current => _messages.Current;

    /// <summary>Begins with other messages. A call that was interrupted is forgotten.</summary>
    public MessageCalls<TMessage> Of(MessageBatch<TMessage> messages)
    {
        (_messages, IsDone) = (messages, false);
        DropCall();
        return this;
    }

    public bool MoveNext()
    {
        // What makes text of an unknown object may be a script, and must not see the variables of the handler. The error of
        // output that can't be sent has to leave the handler.
        if (_isSpecial)
            return false;
        EndCall();
        IsCalling = _messages.NextCall();
        IsDone = !IsCalling;
        return IsCalling;
    }

    /// <summary>Takes what the handler outputs, one by one where it is many, unless that is what a message is.</summary>
    public void Output(object? value)
    {
        if (value is TMessage message)
            Add(message);
        else if ((value as IEnumerator ?? LanguagePrimitives.GetEnumerator(value)) is { } many)
            AddAll(many);
        else
            Add(value);
    }

    /// <summary>One of the handler's arguments besides its own; null if it has not so many.</summary>
    public object? ArgumentAt(int index) => index < _extraArguments.Length ? _extraArguments[index] : null;

    /// <summary>A number that is written in plain digits, for a conversion that would take long to see that; else what it is given.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "The script calls it on this object.")]
    public object? Number(object? value) =>
        value is string { Length: > 0 and < 10 } text && !text.AsSpan().ContainsAnyExceptInRange('0', '9')
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : value;

    /// <summary>Sends the output of a call that has ended.</summary>
    public void EndCall()
    {
        try
        {
            if (_isSpecial)
                SendSpecial();
            else
                Send();
            IsCalling = false;
        }
        finally
        {
            Clear();
        }
    }

    /// <summary>Forgets a call that has not ended well, and its output.</summary>
    public void DropCall()
    {
        IsCalling = false;
        Clear();
    }

    void IEnumerator.Reset() => throw new NotSupportedException();

    void IPendingOutput.Send()
    {
        if (_isSpecial)
        {
            PendingOutput.Send(_output, _recipient);
            _isSpecial = _output.Count > 0;
        }
        else
        {
            Send();
            _output.Clear();
        }
    }

    private void Send()
    {
        foreach (object? item in _output)
            _connection.WriteMessage(_toMessage(item!));
    }

    private void SendSpecial()
    {
        PSObject?[] rest = [.. _output.Select(PendingOutput.Wrap)];
        _output.Clear();
        _recipient.Accept(rest, []);
    }

    private void Clear()
    {
        _output.Clear();
        _isSpecial = false;
    }

    private void AddAll(IEnumerator items)
    {
        while (items.MoveNext())
            Add(items.Current);
    }

    private void Add(object? item)
    {
        if (item is null || item == AutomationNull.Value)
            return;
        _output.Add(item);
        _isSpecial |= item is not (TMessage or IConvertible) or PSObject || _connection.Format.Refuse(_toMessage(item)) is not null;
    }
}
