using System.Collections;
using System.Management.Automation;
using System.Runtime.ExceptionServices;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Scripting.Inlining;

/// <summary>
/// What the script of a handler with commands loops over: the messages that have arrived. The output of each is sent when the
/// next one is asked for. The loop ends early where a call needs what only its end gives: a new scope for the next one, or to
/// have text made of an object out of the sight of its variables. On the reactor's thread only.
/// </summary>
/// <param name="host">Where the handler runs.</param>
/// <param name="handler">The handler.</param>
/// <param name="first">The message whose call has begun.</param>
internal abstract class LoopedCalls(ReactorHost host, LoopedHandler handler, object? first) : IEnumerator
{
    private readonly PendingOutput _output = new();
    private bool _isFirst = true;
    private HandlerRun _run = null!;
    private ReusedScope? _scope;

    /// <summary>The value of <c>$_</c> in the handler.</summary>
    public object? Current { get; private set; } = first;

    /// <summary>Whether all messages were taken.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether a message was taken whose call has not ended well.</summary>
    public bool IsCalling { get; private set; }

    /// <summary>The handler.</summary>
    protected LoopedHandler Handler => handler;

    /// <summary>Who gets the output of the current call.</summary>
    public abstract Recipient Recipient { get; }

    /// <summary>The error of the output of the current call, which ends the loop; null for none.</summary>
    protected RuntimeException? Failure { get; set; }

    /// <summary>The variables of the scope, whose values each call sets.</summary>
    protected abstract List<PSVariable> Variables { get; }

    /// <summary>Runs the handler, for as many messages as it comes to.</summary>
    /// <exception cref="ReactorInterruptedException">The pipeline is being stopped.</exception>
    public void Run()
    {
        _scope = null;
        StreamingCall.Invoke(handler.Script, _output.Items, null, Variables, [this]);
        if (Failure is { } failure)
        {
            Failure = null;
            ExceptionDispatchInfo.Throw(failure);
        }

        if (!IsCalling)
            return;
        _output.End(_run.Deferreds);
        IsCalling = false;
    }

    public bool MoveNext()
    {
        if (IsCalling)
            return _scope is not null && _scope.TryRenew() && TryEndCall() && BeginNext();
        _scope = ReusedScope.Current();
        handler.Types.AddToScope();
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

    /// <summary>Begins the call for the next message.</summary>
    /// <returns>False if there is none for the handler, or none that it can get in the loop.</returns>
    protected abstract bool TryNext(out object? message);

    /// <summary>Sets the variables, which the call before may have set.</summary>
    protected abstract void SetVariables();

    /// <summary>Sends the output of a call in its scope, if no script can run and nothing is wrong with it.</summary>
    /// <returns>False if it is left.</returns>
    protected abstract bool TrySend(List<object?> items);

    private bool BeginNext()
    {
        if (!_isFirst)
        {
            IsDone = !TryNext(out object? message);
            if (IsDone)
                return false;
            Current = message;
        }

        _isFirst = false;
        SetVariables();
        IsCalling = true;
        _output.Recipient = Recipient;
        _run = host.Begin(Recipient);
        _run.Output = _output;
        return true;
    }

    private bool TryEndCall()
    {
        if (_run.Deferreds.Count > 0 || !TrySend(_output.Items))
            return false;
        _output.Items.Clear();
        IsCalling = false;
        return true;
    }
}
