namespace TwistedPS.Engine.Framing;

/// <summary>A search for the ends of lines, which remembers how far it has come.</summary>
internal interface ILineSearch
{
    /// <param name="bytes">All bytes from the beginning of the line: those of the last call, and those received since.</param>
    /// <returns>The end of the line; null if it has not come yet.</returns>
    LineEnd? Find(ReadOnlySpan<byte> bytes);

    /// <summary>Forgets the line that it has begun to search.</summary>
    void Reset();

    /// <summary>Forgets the bytes of the line that can't change where it ends, when no end is found.</summary>
    /// <returns>The number of them, at the front.</returns>
    int Forget(ReadOnlySpan<byte> bytes);

    /// <summary>Counts the bytes at the end that may belong to a delimiter.</summary>
    int LengthBegun(ReadOnlySpan<byte> bytes);

    /// <summary>Returns the line that the end of the stream has cut off.</summary>
    ReadOnlySpan<byte> CutOff(ReadOnlySpan<byte> rest);
}
