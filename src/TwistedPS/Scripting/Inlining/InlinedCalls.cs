using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Internal;

namespace TwistedPS.Scripting.Inlining;

/// <summary>
/// What an inlined script loops over: the messages that have arrived. It takes the output for each of them, and sends it when
/// the next one is asked for. On the reactor's thread only.
/// </summary>
/// <param name="toMessage">Makes a message of an object that is output.</param>
/// <param name="joinsBytes">Whether bytes that are output in a row are one message.</param>
/// <param name="extraArguments">The handler's arguments besides its own.</param>
internal abstract class InlinedCalls<TMessage>(Func<object, TMessage> toMessage, bool joinsBytes, object?[] extraArguments)
    : IEnumerator, IPendingOutput
{
    private readonly List<object?> _output = [];
    private byte[]? _loose;
    private bool _isSpecial;

    /// <summary>The value of <c>$Connection</c> or <c>$Peer</c> in the handler.</summary>
    public abstract object? Source { get; }

    /// <summary>The value of <c>$Server</c> or <c>$Client</c> in the handler.</summary>
    public abstract Service Owner { get; }

    /// <summary>The value of <c>$_</c> in the handler.</summary>
    public abstract object? Current { get; }

    /// <summary>Whether the current one is for the handler of bytes, where a script is made of two.</summary>
    public virtual bool IsData => false;

    /// <summary>Whether all messages were taken.</summary>
    public bool IsDone { get; protected set; }

    /// <summary>Whether a message was taken whose call has not ended well.</summary>
    public bool IsCalling { get; private set; }

    /// <summary>Who gets the output.</summary>
    protected abstract Recipient Recipient { get; }

    public bool MoveNext()
    {
        // What makes text of an unknown object may be a script, and must not see the variables of the handler. The error of
        // output that can't be sent has to leave the handler.
        if (_isSpecial)
            return false;
        EndCall();
        IsCalling = BeginNext();
        IsDone = !IsCalling;
        return IsCalling;
    }

    /// <summary>Takes what the handler outputs, one by one where it is many, unless that is what a message is.</summary>
    public void Output(object? value)
    {
        if (joinsBytes)
            UnrollLoose();
        if (joinsBytes && value is byte[] bytes)
            AddLoose(bytes);
        else if (value is TMessage message)
            Add(message);
        else if ((value as IEnumerator ?? LanguagePrimitives.GetEnumerator(value)) is { } many)
            AddAll(many);
        else
            Add(value);
    }

    /// <summary>One of the handler's arguments besides its own; null if it has not so many.</summary>
    public object? ArgumentAt(int index) => index < extraArguments.Length ? extraArguments[index] : null;

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
                SendPlain();
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
            PendingOutput.Send(_output, Recipient);
            _isSpecial = _output.Count > 0;
        }
        else
        {
            SendPlain();
        }
    }

    /// <summary>Begins the call for the next message.</summary>
    /// <returns>False if there is none.</returns>
    protected abstract bool BeginNext();

    protected abstract void Send(TMessage message);

    /// <summary>Whether a message can't be sent, which is an error of the handler.</summary>
    protected abstract bool IsRefused(TMessage message);

    private void SendPlain()
    {
        foreach (object? item in _output)
            Send(toMessage(item!));
        _output.Clear();
    }

    private void SendSpecial()
    {
        PSObject?[] rest = [.. _output.Select(PendingOutput.Wrap)];
        _output.Clear();
        Recipient.Accept(rest, []);
    }

    // An array of bytes that is output as such comes out of a pipeline as loose bytes, which make one message with those beside
    // them, and none if there are none. Where it is all that is output, it is that message.
    private void AddLoose(byte[] bytes)
    {
        if (_output.Count > 0)
            AddAll(bytes.GetEnumerator());
        else if (bytes.Length > 0)
            Add(_loose = bytes);
    }

    private void UnrollLoose()
    {
        (byte[]? before, _loose) = (_loose, null);
        if (before is null || _output.Count == 0)
            return;
        Clear();
        AddAll(before.GetEnumerator());
    }

    /// <summary>Adds an object to those that are to be sent.</summary>
    private void Add(object? item)
    {
        if (item is null || item == AutomationNull.Value)
            return;
        _output.Add(item);
        _isSpecial |= item is not (TMessage or IConvertible) or PSObject || (joinsBytes && item is byte) || IsRefused(toMessage(item));
    }

    /// <summary>Forgets what is to be sent.</summary>
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
}
