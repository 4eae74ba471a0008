namespace TwistedPS;

/// <summary>The datagram of an event.</summary>
public sealed class DatagramEventArgs : EventArgs
{
    internal DatagramEventArgs(Datagram datagram) => Datagram = datagram;

    /// <summary>The datagram.</summary>
    public Datagram Datagram { get; }

    /// <summary>Returns the sender and the text, on one line.</summary>
    public override string ToString() => $"{Datagram.Peer}: {Datagram}";
}
