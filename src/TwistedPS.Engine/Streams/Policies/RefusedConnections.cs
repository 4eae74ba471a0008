using System.Buffers;
using TwistedPS.Engine.Transports;

namespace TwistedPS.Engine.Streams;

/// <summary>
/// The connections that a server has refused: they get its words, if it has some, and the end. On the reactor's thread only.
/// </summary>
internal sealed class RefusedConnections(Server server)
{
    /// <summary>The most of them that wait for the end of their peers; further ones are reset at once.</summary>
    private const int MaxWaiting = 100;

    private readonly HashSet<Transport> _waiting = [];

    /// <summary>The number of all so far.</summary>
    public int Count { get; private set; }

    /// <summary>The words for their peers; empty for none.</summary>
    public ReadOnlyMemory<byte> Message { get; set; }

    public void Add(Transport transport, int number, string why)
    {
        string address = transport.RemoteAddress.Host;
        Count++;
        server.ReactorLog.Add(LogLevel.Information, number, address, $"Client connection from {address}");
        server.ReactorLog.Add(LogLevel.Warning, number, address, why);
        _waiting.Add(transport);
        transport.Start(new UnservedProtocol((reason, error) =>
        {
            _waiting.Remove(transport);
            server.ReactorLog.Add(
                LogLevel.Information, number, address, $"Lost client connection. Reason: {NetworkService.Describe(reason, error)}");
        }));
        if (!Message.IsEmpty)
            transport.Output!.Write(Message.Span);
        transport.Close(CloseReason.Refused);
        if (_waiting.Count > MaxWaiting)
            transport.Abort(CloseReason.Aborted);
    }

    public void Abort(CloseReason reason)
    {
        foreach (Transport transport in _waiting.ToArray())
            transport.Abort(reason);
    }

    public void Abandon()
    {
        foreach (Transport transport in _waiting)
            transport.Abandon();
    }
}
