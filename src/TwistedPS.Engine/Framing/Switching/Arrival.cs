namespace TwistedPS.Engine.Framing;

/// <summary>What a connection has received, to be handled in a call of its own.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Message">The message; of one that is too long, its beginning.</param>
/// <param name="Data">The bytes that are read in place of a message.</param>
internal readonly record struct Arrival<T>(ArrivalKind Kind, T Message, byte[]? Data = null);
