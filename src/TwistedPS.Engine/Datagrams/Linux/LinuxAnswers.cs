using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Engine.Datagrams;

/// <summary>The short answers of a wake-up, which one system call of Linux sends.</summary>
/// <param name="addressLength">The length of the longest address.</param>
internal sealed class LinuxAnswers(int addressLength)
{
    private const int Most = 32;
    private const int LongestAnswer = 2048;

    private readonly LinuxSlots _slots = new(Most, LongestAnswer, addressLength);
    private readonly SocketAddress[] _receivers = new SocketAddress[Most];
    private readonly int[] _lengths = new int[Most];

    public int Count { get; private set; }

    /// <summary>Copies a datagram, if there is room for it.</summary>
    public bool TryAdd(ReadOnlySpan<byte> data, SocketAddress to)
    {
        if (Count == Most || data.Length > LongestAnswer)
            return false;
        data.CopyTo(_slots.Data(Count));
        _slots.SetLength(Count, data.Length);
        to.Buffer.Span[..to.Size].CopyTo(_slots.Address(Count));
        _slots.Messages[Count].AddressLength = (uint)to.Size;
        (_receivers[Count], _lengths[Count]) = (to, data.Length);
        Count++;
        return true;
    }

    /// <summary>Sends them, up to the first that the system refuses, and forgets all.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="owner">Told of each that was sent.</param>
    /// <param name="unsent">Called with each that was not.</param>
    public void Send(Socket socket, IDatagramReceiver owner, UnsentDatagram unsent)
    {
        int count = Count;
        Count = 0;
        int taken = LinuxDatagrams.Send(socket, _slots.Messages.AsSpan(0, count));
        for (int i = 0; i < taken; i++)
            owner.Sent(_lengths[i]);
        for (int i = taken; i < count; i++)
            unsent(_slots.Data(i)[.._lengths[i]], _receivers[i]);
    }
}
