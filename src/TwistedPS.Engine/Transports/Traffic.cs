using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Transports;

/// <summary>The bytes that a transport has received and sent, and when. On the loop's thread.</summary>
internal sealed class Traffic(EventLoop loop)
{
    public long BytesIn { get; private set; }

    public long BytesOut { get; private set; }

    /// <summary>The time of the last byte received or sent, in timestamps of the loop's clock.</summary>
    public long LastActivity { get; private set; } = loop.Now;

    /// <summary>The time of the last byte sent, or of the decision to close.</summary>
    public long LastSent { get; private set; }

    public void NoteReceived(int count)
    {
        BytesIn += count;
        NoteActivity();
    }

    public void NoteSent(int count)
    {
        if (count == 0)
            return;
        BytesOut += count;
        LastActivity = LastSent = loop.Now;
    }

    public void NoteActivity() => LastActivity = loop.Now;

    public void NoteClosing() => LastSent = loop.Now;
}
