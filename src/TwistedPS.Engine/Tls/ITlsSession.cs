namespace TwistedPS.Engine.Tls;

/// <summary>
/// One end of a TLS connection: plain text above, and a carrier of what is encrypted beneath. It waits for nothing; when more
/// has arrived, it is called again. On the loop's thread only.
/// </summary>
internal interface ITlsSession : IDisposable
{
    /// <summary>Whether it can read at once, even if the carrier beneath has nothing more.</summary>
    bool CanRead { get; }

    /// <summary>Notes that the carrier beneath can be read.</summary>
    void Arrived();

    /// <summary>Goes on with the handshake, as far as it gets with what has arrived.</summary>
    /// <returns>The outcome; null if more must arrive.</returns>
    TlsDetails? Handshake();

    /// <summary>Reads and decrypts what has arrived.</summary>
    /// <returns>The number of bytes; 0 if the peer has said that it ends; null if more must arrive.</returns>
    /// <exception cref="EndOfStreamException">The carrier beneath has ended, and the peer has not said so.</exception>
    int? Read(Memory<byte> plain);

    /// <summary>Encrypts bytes, and adds them to the unsent ones of the carrier beneath.</summary>
    void Write(ReadOnlyMemory<byte> plain);

    /// <summary>Says that no more will come.</summary>
    void FinishWriting();
}
