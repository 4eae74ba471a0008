namespace TwistedPS.Engine.Framing;

/// <summary>The kind of what has arrived, which decides on its handler.</summary>
internal enum ArrivalKind
{
    /// <summary>A message of the framing.</summary>
    Message,

    /// <summary>Bytes that are read in place of messages.</summary>
    Data,

    /// <summary>The beginning of a message that is too long; the rest of it is skipped.</summary>
    TooLong,
}
