namespace TwistedPS;

/// <summary>The datagram of an event.</summary>
public sealed class DatagramEventArgs : EventArgs
{
    internal DatagramEventArgs(Datagram datagram) => Datagram = datagram;

    /// <summary>The datagram.</summary>
    public Datagram Datagram { get; }
}
