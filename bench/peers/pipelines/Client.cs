using System.Buffers;
using System.IO.Pipelines;

namespace TwistedPS.Bench.Pipelines;

/// <summary>The output of a connection.</summary>
internal sealed class Client(PipeWriter output)
{
    public void Write(ReadOnlySequence<byte> line)
    {
        foreach (ReadOnlyMemory<byte> part in line)
            output.Write(part.Span);
        output.Write("\r\n"u8);
    }

    public void Write(ReadOnlySpan<byte> line)
    {
        output.Write(line);
        output.Write("\r\n"u8);
    }

    public ValueTask<FlushResult> FlushAsync() => output.FlushAsync();
}
