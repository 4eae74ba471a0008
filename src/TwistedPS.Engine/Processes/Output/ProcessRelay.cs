using TwistedPS.Engine.Carriers;
using TwistedPS.Engine.Services;
using TwistedPS.Engine.Streams;

namespace TwistedPS.Engine.Processes;

/// <summary>
/// The relay of a process and a connection: its output, and the input that the connection's bytes are. The end of the output
/// half-closes the connection, and the end of the process closes it.
/// </summary>
internal sealed class ProcessRelay : IRelayEnd, IOutputForm
{
    private readonly ReactorProcess _process;
    private readonly ProcessInput _input;
    private readonly Connection _connection;

    public ProcessRelay(ReactorProcess process, ProcessInput input, Connection connection)
    {
        (_process, _input, _connection) = (process, input, connection);
        process.Ended += connection.Close;
    }

    public void Write(ReadOnlySpan<byte> bytes, IProducer source) => _input.WriteRelayed(bytes, source);

    public void EndSending() => _input.End();

    public void End(Connection ended) => _process.Dispose();

    public bool DeliverNext(PooledBuffer bytes)
    {
        if (bytes.Length == 0)
            return false;
        _connection.Output.WriteRelayed(bytes.Span, _process.Producer);
        bytes.Consume(bytes.Length);
        return true;
    }

    public void DeliverRest(PooledBuffer bytes) => _connection.EndSending();
}
