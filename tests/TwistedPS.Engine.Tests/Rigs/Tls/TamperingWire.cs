using System.Buffers;
using System.Buffers.Binary;

namespace TwistedPS.Tests;

/// <summary>One direction of a wire in memory, which passes on records of TLS, and does something to one of them.</summary>
internal sealed class TamperingWire(Random random, Tampering tampering, int at) : IProtocol
{
    private const int HeaderLength = 5;

    private readonly List<byte> _arrived = [];
    private byte[] _held = [];
    private int _records;

    /// <summary>The end to which it passes them on.</summary>
    public Transport To { get; set; } = null!;

    /// <summary>Whether it has done it.</summary>
    public bool HasTampered { get; private set; }

    public void ConnectionMade(Transport transport)
    {
    }

    public void DataReceived(ReadOnlyMemory<byte> data)
    {
        _arrived.AddRange(data.ToArray());
        while (_arrived.Count >= HeaderLength && LengthOfFirst() is var length && _arrived.Count >= length)
        {
            byte[] record = [.. _arrived.Take(length)];
            _arrived.RemoveRange(0, length);
            PassOn(record);
        }
    }

    public void ReadEnded() => To.EndOutput();

    public void WriteReady()
    {
    }

    public void ConnectionLost(CloseReason reason, Exception? error) => To.Abort(CloseReason.Aborted);

    private int LengthOfFirst() => HeaderLength + BinaryPrimitives.ReadUInt16BigEndian([_arrived[3], _arrived[4]]);

    private void PassOn(byte[] record)
    {
        HasTampered |= _records == at && tampering != Tampering.None;
        if (_records++ != at)
        {
            Send(record);
            Send(_held);
            _held = [];
            return;
        }

        switch (tampering)
        {
            case Tampering.None:
                Send(record);
                break;
            case Tampering.FlipBit:
                record[random.Next(record.Length)] ^= (byte)(1 << random.Next(8));
                Send(record);
                break;
            case Tampering.Reorder:
                _held = record;
                break;
            case Tampering.Drop:
                break;
            case Tampering.Repeat:
                Send(record);
                Send(record);
                break;
            case Tampering.InsertPlainText:
                Send("INJECTED\r\n"u8.ToArray());
                Send(record);
                break;
            case Tampering.CutOff:
                Send(record[..random.Next(record.Length)]);
                break;
            case Tampering.CutOffAndEnd:
                Send(record[..random.Next(record.Length)]);
                To.EndOutput();
                break;
            case Tampering.Reset:
                To.Abort(CloseReason.Aborted);
                break;
        }
    }

    private void Send(byte[] bytes)
    {
        if (To.Output is { } output)
            output.Write(bytes);
    }
}
