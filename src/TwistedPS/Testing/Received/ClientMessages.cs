using System.Text;
using TwistedPS.Engine.Framing;

namespace TwistedPS.Testing;

/// <summary>What a client of lines or bytes has received.</summary>
/// <param name="client">The client.</param>
/// <param name="noun">The word for one of its messages.</param>
internal sealed class ClientMessages<TMessage>(MessageClient<TMessage> client, string noun) : ReceivedMessages
    where TMessage : class
{
    public override Service Client => client;

    public override string Noun => IsStream ? "data" : noun;

    public override bool IsStream => client.Format is RawFormat;

    public override bool IsQueued => client.IsQueued;

    public override Encoding Encoding => client.Encoding;

    public override string? End => client.Status == ClientStatus.Connected ? null
        : client.Connection is { } connection ? $"the connection has ended: {connection.DescribeEnd()}"
        : "there is no connection";

    public override object? TryReceive() => client.TryReceive(out TMessage message) ? message : null;

    public override void Return(IEnumerable<object> messages)
    {
        foreach (object message in messages.Reverse())
            client.Return((TMessage)message);
    }

    public override Task<bool> WaitAsync(CancellationToken cancel) => client.WaitForMessageAsync(cancel);
}
