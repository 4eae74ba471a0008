namespace TwistedPS;

/// <summary>Bytes and where they came from.</summary>
public sealed class DataReceivedEventArgs : ConnectionEventArgs
{
    internal DataReceivedEventArgs(Connection connection, byte[] data)
        : base(connection) => Data = data;

    /// <summary>The bytes.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1819", Justification = "They are the message itself, made for its receivers.")]
    public byte[] Data { get; }
}
