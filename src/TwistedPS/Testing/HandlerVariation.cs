namespace TwistedPS;

/// <summary>The way in which a conversation reaches handlers in a test.</summary>
public enum HandlerVariation
{
    /// <summary>Each message by itself; what the others are compared with.</summary>
    WholeMessages,

    /// <summary>Segments of a number of bytes each.</summary>
    Segments,

    /// <summary>The beginning alone, and then the end of the peer's sending.</summary>
    HalfClose,

    /// <summary>The beginning alone, and then a reset by the peer.</summary>
    Reset,
}
