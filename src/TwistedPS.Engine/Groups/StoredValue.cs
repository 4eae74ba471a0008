namespace TwistedPS.Engine.Groups;

/// <summary>A value of a store.</summary>
/// <param name="Bytes">The value, which nobody changes any more.</param>
/// <param name="Revision">The number that each change of it makes another.</param>
internal sealed record StoredValue(ReadOnlyMemory<byte> Bytes, ulong Revision);
