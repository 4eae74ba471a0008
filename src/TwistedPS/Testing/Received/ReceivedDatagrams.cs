using System.Text;

namespace TwistedPS.Testing;

/// <summary>The datagrams that a socket has received.</summary>
internal sealed class ReceivedDatagrams(DatagramService socket) : ReceivedMessages
{
    // To be put back as they were, with their senders.
    private readonly Dictionary<object, Datagram> _received = new(ReferenceEqualityComparer.Instance);

    public override Service Client => socket;

    public override string Noun => "datagram";

    public override bool IsQueued => socket.IsQueued;

    public override Encoding Encoding => socket.Encoding;

    public override string? End => socket.Status == ServerStatus.Stopped ? $"the {socket} has stopped" : null;

    public override object? TryReceive()
    {
        object? next = socket.Inbox.TryReceive();
        if (next is not Datagram datagram)
            return next;
        _received[datagram.Data] = datagram;
        return datagram.Data;
    }

    public override void Return(IEnumerable<object> messages)
    {
        foreach (object message in messages.Reverse())
            socket.Inbox.Return(_received.GetValueOrDefault(message) ?? message);
    }

    public override Task<bool> WaitAsync(CancellationToken cancel) => socket.Inbox.WaitAsync(cancel);
}
