namespace TwistedPS.Tests;

/// <summary>The other end of a server's connection.</summary>
internal interface IPeer : IDisposable
{
    void Send(ReadOnlySpan<byte> bytes);

    /// <summary>Waits for that many bytes.</summary>
    byte[] ReceiveBytes(int count);

    /// <summary>Waits for the end; fails if the connection is lost instead.</summary>
    string ReceiveToEnd();

    /// <summary>Says that no more will be sent, and goes on receiving.</summary>
    void HalfClose();

    void Close();

    void Reset();
}
