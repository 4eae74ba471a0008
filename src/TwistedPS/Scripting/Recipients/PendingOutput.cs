using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>The output of a call that has a scope of its own.</summary>
internal sealed class PendingOutput : IPendingOutput
{
    /// <summary>Who gets it.</summary>
    public Recipient Recipient { get; set; } = null!;

    /// <summary>The objects that were not sent yet; the call adds to them.</summary>
    public List<object?> Items { get; } = [];

    public void Send() => Send(Items, Recipient);

    /// <summary>Returns the deferreds in it. One of another reactor becomes one of this, as its outcome goes to one place only.</summary>
    public List<Deferred> DeferredsOn(Reactor reactor)
    {
        List<Deferred> all = [];
        for (int i = 0; i < Items.Count; i++)
        {
            if (DeferredIn(Items[i])?.On(reactor) is not { } deferred)
                continue;
            Items[i] = deferred;
            all.Add(deferred);
        }

        return all;
    }

    /// <summary>Sends what is left when the call has ended, and later the results of the deferreds in it and of those given.</summary>
    public void End(IEnumerable<Deferred> deferreds)
    {
        PSObject?[] rest = [.. Items.Select(Wrap)];
        Items.Clear();
        Recipient.Accept(rest, deferreds);
    }

    /// <summary>Sends objects, and leaves the deferreds among them.</summary>
    public static void Send(List<object?> items, Recipient recipient)
    {
        if (items.Count == 0)
            return;
        PSObject?[] ready = [.. items.Where(item => DeferredIn(item) is null).Select(Wrap)];
        if (ready.Length == 0)
            return;
        items.RemoveAll(item => DeferredIn(item) is null);
        recipient.Accept(ready, []);
    }

    /// <summary>Returns an object as recipients expect it.</summary>
    public static PSObject? Wrap(object? item) => item is null ? null : PSObject.AsPSObject(item);

    private static Deferred? DeferredIn(object? item) => (item is PSObject wrapped ? wrapped.BaseObject : item) as Deferred;
}
