using System.Runtime.CompilerServices;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Deferreds;

/// <summary>The callbacks of a deferred, and the result on its way through them. On the reactor's thread only.</summary>
internal sealed class DeferredChain(Deferred owner)
{
    private readonly Queue<DeferredLink> _links = new();
    private Outcome? _present;
    private DeferredChain? _inner;
    private bool _isRunning;
    private bool _isReturned;

    /// <summary>The deferred that it ultimately waits for; its own if it waits for none.</summary>
    public Deferred Last
    {
        get
        {
            DeferredChain last = this;
            while (last._inner is { } inner)
                last = inner;
            return last.Owner;
        }
    }

    private Deferred Owner { get; } = owner;

    private bool CanGoOn => _present is not null && !_isRunning;

    private bool HasMore => CanGoOn && _links.Count > 0;

    public void Start(Outcome first)
    {
        _present = first;
        Run();
    }

    public void Add(DeferredLink link)
    {
        _links.Enqueue(link);
        Run();
    }

    /// <summary>
    /// Advances as far as possible, along with the chains that wait for this one: in a loop, so that no number of them can
    /// exhaust the stack. Callbacks that fire other deferreds nest it nevertheless; too deep, it continues later.
    /// </summary>
    private void Run()
    {
        if (!CanGoOn)
            return;
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            Owner.Reactor.Post(Run);
            return;
        }

        var unfinished = new Stack<DeferredChain>();
        unfinished.Push(this);
        try
        {
            while (unfinished.TryPeek(out DeferredChain? current))
            {
                DeferredChain? next = current.Advance();
                if (!current.HasMore)
                    unfinished.Pop();
                if (next is not null)
                    unfinished.Push(next);
            }
        }
        catch (ReactorInterruptedException)
        {
            // The steps after the interrupted callback are kept, and need no new event to go on.
            foreach (DeferredChain chain in unfinished)
                chain.Owner.Reactor.Post(chain.Run);
            throw;
        }
    }

    /// <summary>Calls one callback after another until none is left, or another chain must go on first.</summary>
    /// <returns>That chain: the one that waits for this result, or the one whose result this one awaits.</returns>
    private DeferredChain? Advance()
    {
        // A run nested in a callback may have left nothing for the outer one to do.
        if (_links.Count == 0 && Owner.Status != DeferredStatus.Waiting)
            return null;
        Owner.Unsettle();
        while (_present is { } present && _links.TryDequeue(out DeferredLink link))
        {
            if (link.Waiter is { } waiter)
            {
                HandOver(present, waiter);
                return waiter;
            }

            Call(link, present);
        }

        if (_present is not null)
            Owner.Settle(_present);
        return _inner is { CanGoOn: true } ? _inner : null;
    }

    private void HandOver(Outcome present, DeferredChain waiter)
    {
        waiter._inner = null;
        waiter._present = present;
        _present = Outcome.Nothing;
        if (_links.Count == 0)
            Owner.Settle(_present);
    }

    private void Call(DeferredLink link, Outcome present)
    {
        _isRunning = true;
        try
        {
            object? returned = link.Call(present);
            if (returned is Deferred deferred)
                WaitFor(deferred.On(Owner.Reactor).Chain);
            else
                _present = returned as Outcome ?? Outcome.Succeeded(returned);
        }
        catch (ReactorInterruptedException e)
        {
            // The cause itself, rethrown by a callback, would interrupt once more.
            _present = Outcome.Failed(new DeferredCancelledException("The callback was stopped.", e.InnerException));
            throw;
        }
        catch (Exception e)
        {
            _present = Outcome.Failed(e);
        }
        finally
        {
            _isRunning = false;
        }
    }

    private void WaitFor(DeferredChain inner)
    {
        if (inner.Last == Owner)
            throw new InvalidOperationException("A callback returned its own deferred, or one that waits for it.");
        if (inner._isReturned)
            throw new InvalidOperationException("A callback returned a deferred whose result another callback has already consumed.");
        inner._isReturned = true;
        inner._links.Enqueue(new DeferredLink(null, null, this));
        _inner = inner;
        _present = null;
    }
}
