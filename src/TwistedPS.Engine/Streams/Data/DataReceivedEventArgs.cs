namespace TwistedPS;

/// <summary>The bytes of an event, and their connection.</summary>
public sealed class DataReceivedEventArgs : ConnectionEventArgs
{
    internal DataReceivedEventArgs(Connection connection, byte[] data)
        : base(connection) => Data = data;

    /// <summary>The bytes.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1819", Justification = "They are the message itself, made for its receivers.")]
    public byte[] Data { get; }

    /// <summary>Returns the connection and the number of bytes.</summary>
    public override string ToString() => $"{Connection}: {Data.Length} bytes";
}
