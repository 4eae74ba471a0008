using System.Collections;
using System.Management.Automation;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Streams;

namespace TwistedPS.Scripting.Inlining;

/// <summary>
/// What the script of a handler with commands loops over: the messages of a batch. The output of each is sent when the next one
/// is asked for. The loop ends early where a call needs what only its end gives: a new scope for the next one, or to have text
/// made of an object out of the sight of its variables. On the reactor's thread only.
/// </summary>
/// <param name="recipient">The connection, as handlers know it.</param>
/// <param name="connection">The connection.</param>
/// <param name="messages">The batch, whose current call is the first of these.</param>
internal sealed class LoopedCalls<TMessage>(
    ConnectionRecipient<TMessage> recipient, MessageConnection<TMessage> connection, MessageBatch<TMessage> messages)
    : IEnumerator
{
    private readonly PendingOutput _output = new(recipient);
    private HandlerRun _run = null!;
    private ReusedScope? _scope;

    /// <summary>The value of <c>$_</c> in the handler.</summary>
    public object? Current => messages.Given;

    /// <summary>Whether all messages were taken.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether a message was taken whose call has not ended well.</summary>
    public bool IsCalling { get; private set; }

    /// <summary>Runs the handler, for as many messages as it comes to.</summary>
    /// <exception cref="ReactorInterruptedException">The pipeline is being stopped.</exception>
    public void Run(ScriptBlock script)
    {
        _scope = null;
        StreamingCall.Invoke(script, _output.Items, null, [.. recipient.Variables], [this]);
        if (!IsCalling)
            return;
        _output.End(_run.Deferreds);
        IsCalling = false;
    }

    public bool MoveNext()
    {
        if (IsCalling)
            return _scope is not null && _scope.TryRenew() && TrySend() && BeginNext();
        _scope = ReusedScope.Current();
        return BeginNext();
    }

    /// <summary>Forgets a call that has failed. What is left of it must not come before what OnError says.</summary>
    public void DropCall()
    {
        _output.Items.Clear();
        _run.Output = null;
        IsCalling = false;
    }

    void IEnumerator.Reset() => throw new NotSupportedException();

    private bool BeginNext()
    {
        if (!TryBegin())
        {
            IsDone = true;
            return false;
        }

        IsCalling = true;

        // The call before may have set the variables.
        _ = recipient.Variables;
        _run = recipient.Scripts.Host.Begin(recipient);
        _run.Output = _output;
        return true;
    }

    private bool TryBegin()
    {
        if (!messages.NextCall())
            return false;
        if (messages.Kind == ArrivalKind.Message)
            return true;
        messages.Repeat();
        return false;
    }

    /// <summary>Sends the output of a call in its scope, if all of it are messages and no script can run.</summary>
    private bool TrySend()
    {
        List<object?> items = _output.Items;
        if (_run.Deferreds.Count > 0 || !items.TrueForAll(item => MessageIn(item) is { } message && connection.Format.Refuse(message) is null))
            return false;
        foreach (object? item in items)
            connection.WriteMessage(MessageIn(item)!);
        items.Clear();
        IsCalling = false;
        return true;
    }

    private static TMessage? MessageIn(object? item) => (item is PSObject wrapped ? wrapped.BaseObject : item) is TMessage message ? message : default;
}
