using System.Buffers;

namespace TwistedPS.Engine.Framing;

/// <summary>
/// A framer that can be told what comes next in place of messages: a number of bytes, or all bytes as they come (Twisted's
/// <c>setRawMode</c>). Each connection has its own.
/// </summary>
/// <param name="framer">The framer of messages.</param>
/// <param name="skipsTooLong">Whether a message that is too long is skipped, after its beginning is delivered.</param>
internal sealed class SwitchableFramer<T>(IFramer<T> framer, Func<bool> skipsTooLong)
{
    private const int Messages = -1;
    private const int Everything = -2;

    private int _next = Messages;

    /// <summary>Whether there is something to read where no bytes have come: none were asked for.</summary>
    public bool NeedsNothing => _next == 0 && !IsSkipping;

    /// <summary>Whether bytes are read in place of messages.</summary>
    public bool ReadsData => _next != Messages;

    /// <summary>Whether it is within a message that is too long.</summary>
    public bool IsSkipping { get; private set; }

    /// <summary>Reads a number of bytes next, and then messages again.</summary>
    public void ReadBytes(int count) => _next = count;

    /// <summary>Reads all bytes as they come.</summary>
    public void ReadRaw() => _next = Everything;

    /// <summary>Reads messages again.</summary>
    public void ReadMessages() => _next = Messages;

    /// <summary>Forgets the message that it has begun: other bytes come before its rest.</summary>
    public void Leave() => framer.Leave();

    /// <summary>Forgets the bytes that it has seen, but not what it is to read next.</summary>
    public void Reset()
    {
        IsSkipping = false;
        framer.Reset();
    }

    /// <summary>Reads what comes next from the front.</summary>
    /// <param name="unread">All bytes that were not consumed: those of the last call and those received since.</param>
    /// <param name="consumed">The number of bytes at the front that are of no more use.</param>
    /// <param name="arrival">What has arrived.</param>
    /// <returns>False if it isn't whole yet.</returns>
    /// <exception cref="InvalidMessageException">The bytes can't be a message, or are too many for one.</exception>
    public bool TryRead(ReadOnlyMemory<byte> unread, out int consumed, out Arrival<T> arrival)
    {
        consumed = 0;
        if (IsSkipping)
        {
            IsSkipping = !((ISkippingFramer<T>)framer).TrySkip(unread.Span, out consumed);
            unread = unread[consumed..];
        }

        int before = consumed;
        bool isWhole = IsSkipping ? None(out consumed, out arrival)
            : ReadsData ? TryReadData(unread, out consumed, out arrival)
            : TryReadMessage(unread, out consumed, out arrival);
        consumed += before;
        return isWhole;
    }

    private static bool None(out int consumed, out Arrival<T> arrival)
    {
        (consumed, arrival) = (0, default);
        return false;
    }

    private bool TryReadMessage(ReadOnlyMemory<byte> unread, out int consumed, out Arrival<T> arrival)
    {
        if (unread.IsEmpty)
            return None(out consumed, out arrival);
        var sequence = new ReadOnlySequence<byte>(unread);
        try
        {
            bool isWhole = framer.TryRead(sequence, out SequencePosition end, out T message);
            consumed = (int)sequence.Slice(0, end).Length;
            arrival = new(ArrivalKind.Message, message);
            return isWhole;
        }
        catch (MessageTooLongException) when (framer is ISkippingFramer<T> && skipsTooLong())
        {
            IsSkipping = true;
            consumed = 0;
            arrival = new(ArrivalKind.TooLong, ((ISkippingFramer<T>)framer).ReadBeginning(unread.Span));
            return true;
        }
    }

    private bool TryReadData(ReadOnlyMemory<byte> unread, out int consumed, out Arrival<T> arrival)
    {
        bool isCounted = _next >= 0;
        int length = isCounted ? _next : unread.Length;
        if (length > unread.Length || (!isCounted && length == 0))
            return None(out consumed, out arrival);
        if (isCounted)
            _next = Messages;
        framer.Leave();
        consumed = length;
        byte[] data = unread.Span[..length].ToArray();

        // Where messages are bytes, these are one.
        arrival = data is T message ? new(ArrivalKind.Message, message) : new(ArrivalKind.Data, default!, data);
        return true;
    }
}
