using System.Globalization;
using System.Text;
using TwistedPS.Engine.Services;

namespace TwistedPS.Engine.Policies;

/// <summary>What a traffic log has of one connection. On the reactor's thread only.</summary>
/// <param name="log">The traffic log.</param>
/// <param name="file">The file.</param>
/// <param name="source">The name of the connection.</param>
/// <param name="time">The clock of its entries.</param>
internal sealed class TrafficRecord(TrafficLog log, LogFile file, string source, TimeProvider time)
{
    /// <summary>The most bytes that are made into text at once.</summary>
    private const int Portion = 4096;

    private long _received;
    private long _sent;

    public void Received(ReadOnlySpan<byte> bytes) => Write("received", bytes, ref _received);

    public void Sent(ReadOnlySpan<byte> bytes) => Write("sent", bytes, ref _sent);

    /// <summary>Notes something that has no bytes.</summary>
    public void Note(string what) => file.Write(Begin(what).ToString());

    public void End()
    {
        Note("ended");
        log.End(file);
    }

    private void Write(string how, ReadOnlySpan<byte> bytes, ref long offset)
    {
        StringBuilder text = Begin($"{how} {bytes.Length} byte{(bytes.Length == 1 ? "" : "s")} at {offset}");
        while (true)
        {
            ReadOnlySpan<byte> portion = bytes[..Math.Min(bytes.Length, Portion)];
            HexDump.Append(text, portion, offset);
            file.Write(text.ToString());
            offset += portion.Length;
            bytes = bytes[portion.Length..];
            if (bytes.IsEmpty)
                return;
            text.Clear();
        }
    }

    private StringBuilder Begin(string what)
    {
        string now = time.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);
        return TrafficLog.Text.Clear().Append(CultureInfo.InvariantCulture, $"{now.Remove(now.Length - 3, 1)} [{source}] {what}");
    }
}
