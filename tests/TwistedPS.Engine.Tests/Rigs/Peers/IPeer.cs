namespace TwistedPS.Tests;

/// <summary>The other end of a server's connection.</summary>
internal interface IPeer : IDisposable
{
    void Send(ReadOnlySpan<byte> bytes);

    /// <summary>Lets what arrives wait until <see cref="GoOnReading"/>. A socket is read only on request anyway.</summary>
    void StopReading()
    {
    }

    void GoOnReading()
    {
    }

    /// <summary>Receives a number of bytes.</summary>
    byte[] ReceiveBytes(int count);

    /// <summary>Receives until the end; fails if the connection is lost instead.</summary>
    string ReceiveToEnd();

    /// <summary>Ends sending, and goes on receiving.</summary>
    void HalfClose();

    void Close();

    void Reset();
}
