using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>The output of a call that has a scope of its own.</summary>
/// <param name="recipient">The recipient.</param>
internal sealed class PendingOutput(Recipient recipient) : IPendingOutput
{
    /// <summary>The objects that were not sent yet; the call adds to them.</summary>
    public List<object?> Items { get; } = [];

    public void Send() => Send(Items, recipient);

    /// <summary>Sends what is left when the call has ended, and later the results of the deferreds in it and of those given.</summary>
    public void End(IEnumerable<Deferred> deferreds)
    {
        PSObject?[] rest = [.. Items.Select(Wrap)];
        Items.Clear();
        recipient.Accept(rest, deferreds);
    }

    /// <summary>Sends objects, and leaves the deferreds among them.</summary>
    public static void Send(List<object?> items, Recipient recipient)
    {
        PSObject?[] ready = [.. items.Where(item => !IsDeferred(item)).Select(Wrap)];
        if (ready.Length == 0)
            return;
        items.RemoveAll(item => !IsDeferred(item));
        recipient.Accept(ready, []);
    }

    /// <summary>Returns an object as recipients expect it.</summary>
    public static PSObject? Wrap(object? item) => item is null ? null : PSObject.AsPSObject(item);

    private static bool IsDeferred(object? item) => item is Deferred or PSObject { BaseObject: Deferred };
}
