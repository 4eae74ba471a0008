namespace TwistedPS.Testing;

/// <summary>The variations of a conversation, with fewer of them where it is long.</summary>
internal static class Variations
{
    /// <summary>The largest segment up to which all sizes are tried; beyond it each is half as large again.</summary>
    public const int MostSizes = 64;

    /// <summary>The most places of half-closes, and of resets: around the ends of messages first, and evenly among the rest.</summary>
    public const int MostPlaces = 128;

    /// <summary>Returns all of them, the one that the others are compared with first.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="isExhaustive">Whether to leave none out.</param>
    public static IEnumerable<(HandlerVariation Variation, int Bytes)> Of(Conversation conversation, bool isExhaustive) =>
    [
        (HandlerVariation.WholeMessages, conversation.Length),
        .. Sizes(conversation.Length, isExhaustive).Select(size => (HandlerVariation.Segments, size)),
        .. Places(conversation, isExhaustive).Select(place => (HandlerVariation.HalfClose, place)),
        .. Places(conversation, isExhaustive).Select(place => (HandlerVariation.Reset, place)),
    ];

    private static IEnumerable<int> Sizes(int length, bool isExhaustive)
    {
        for (int size = 1; size < length; size = size < MostSizes || isExhaustive ? size + 1 : size + (size / 2))
            yield return size;
        yield return length;
    }

    private static IEnumerable<int> Places(Conversation conversation, bool isExhaustive)
    {
        int count = conversation.Length + 1;
        if (isExhaustive || count <= MostPlaces)
            return Enumerable.Range(0, count);
        IEnumerable<int> around = conversation.Ends.SelectMany(end => new[] { end - 1, end, end + 1 });
        IEnumerable<int> spread = Enumerable.Range(0, MostPlaces).Select(number => (int)((long)number * conversation.Length / (MostPlaces - 1)));
        return around.Where(place => place < count).Concat(spread).Distinct().Take(MostPlaces).Order();
    }
}
