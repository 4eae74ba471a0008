using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace TwistedPS.Bench.Pipelines;

/// <summary>
/// A server that splits each connection's pipe into lines, and replies to all that arrived together with one flush.
/// </summary>
internal sealed class LineServer(string handler) : IDisposable
{
    private readonly ConcurrentDictionary<Client, byte> _clients = new();
    private readonly SemaphoreSlim _broadcast = new(1, 1);

    public async Task ServeAsync(Socket socket)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        var client = new Client(PipeWriter.Create(stream));
        PipeReader reader = PipeReader.Create(stream);
        _clients.TryAdd(client, 0);
        try
        {
            ReadResult result;
            do
            {
                result = await reader.ReadAsync();
                SequencePosition consumed = await AnswerAsync(client, result.Buffer);
                reader.AdvanceTo(consumed, result.Buffer.End);
            }
            while (!result.IsCompleted);
        }
        catch (IOException e) when (e.InnerException is SocketException)
        {
            // The peer has gone; there is nobody left to tell.
        }
        finally
        {
            _clients.TryRemove(client, out _);
        }
    }

    public void Dispose() => _broadcast.Dispose();

    private async ValueTask<SequencePosition> AnswerAsync(Client client, ReadOnlySequence<byte> buffer)
    {
        while (TryReadLine(ref buffer, out ReadOnlySequence<byte> line))
        {
            if (handler == "work")
                client.Write(Commands.Answer(line));
            else if (handler == "broadcast")
                await BroadcastAsync(client, line);
            else
                client.Write(line);
        }

        // A broadcast flushes by itself, and one of another connection may be doing so now.
        if (handler != "broadcast")
            await client.FlushAsync();
        return buffer.Start;
    }

    /// <summary>Writes to all connections; several may broadcast, but one at a time.</summary>
    private async ValueTask BroadcastAsync(Client sender, ReadOnlySequence<byte> line)
    {
        await _broadcast.WaitAsync();
        try
        {
            foreach (Client client in StartsWithAll(line) ? _clients.Keys : [sender])
            {
                client.Write(line);
                await client.FlushAsync();
            }
        }
        finally
        {
            _broadcast.Release();
        }
    }

    private static bool TryReadLine(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryReadTo(out line, "\r\n"u8))
            return false;
        buffer = reader.UnreadSequence;
        return true;
    }

    private static bool StartsWithAll(ReadOnlySequence<byte> line)
    {
        var reader = new SequenceReader<byte>(line);
        return reader.IsNext("ALL "u8);
    }
}
