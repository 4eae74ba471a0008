namespace TwistedPS.Engine.Framing;

/// <summary>A framer that finds the end of a message even if it is too long to be one.</summary>
internal interface ISkippingFramer<T> : IFramer<T>
{
    /// <summary>Reads as much of a message that is too long as a message may have.</summary>
    T ReadBeginning(ReadOnlySpan<byte> bytes);

    /// <summary>Skips a message.</summary>
    /// <param name="bytes">The rest of it, as far as it has come.</param>
    /// <param name="skipped">The number of bytes at the front that are of no more use.</param>
    /// <returns>False if its end has not come yet.</returns>
    bool TrySkip(ReadOnlySpan<byte> bytes, out int skipped);
}
