using System.Buffers;
using System.Text;

namespace TwistedPS.Tests;

/// <summary>A protocol that records every call, and closes when its peer does unless told otherwise.</summary>
internal sealed class RecordingProtocol : IProtocol
{
    private readonly ArrayBufferWriter<byte> _received = new();
    private int _depth;

    public List<string> Events { get; } = [];

    public Transport Transport { get; private set; } = null!;

    public bool ClosesAtEnd { get; init; } = true;

    public Action<Transport>? OnMade { get; init; }

    public Action<Transport>? OnData { get; init; }

    public ReadOnlyMemory<byte> Received => _received.WrittenMemory;

    public string Text => Encoding.UTF8.GetString(_received.WrittenSpan);

    public int LargestRead { get; private set; }

    public CloseReason Reason { get; private set; }

    public Exception? Error { get; private set; }

    public bool HasEnded => Events.Contains("ended");

    public bool IsLost => Events.Contains("lost");

    public void ConnectionMade(Transport transport)
    {
        Transport = transport;
        Note("made", () => OnMade?.Invoke(transport));
    }

    public void DataReceived(ReadOnlyMemory<byte> data)
    {
        _received.Write(data.Span);
        LargestRead = Math.Max(LargestRead, data.Length);
        Note("data", () => OnData?.Invoke(Transport));
    }

    public void ReadEnded() => Note("ended", () =>
    {
        if (ClosesAtEnd)
            Transport.Close(CloseReason.Done);
    });

    public void WriteReady() => Note("write ready", () => { });

    public void ConnectionLost(CloseReason reason, Exception? error)
    {
        (Reason, Error) = (reason, error);
        Note("lost", () => { });
    }

    private void Note(string happened, Action act)
    {
        Assert.Equal(0, _depth);
        _depth++;
        Events.Add(happened);
        act();
        _depth--;
    }
}
