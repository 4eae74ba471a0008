using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace TwistedPS.Engine.Loop;

/// <summary>A poller over Linux's epoll, level-triggered: what is not read now is reported again.</summary>
internal sealed class EpollPoller : IPoller
{
    private const int Batch = 256;

    private readonly int _epoll = Epoll.Create();
    private readonly SafeFileHandle _wake = new();
    private readonly byte[] _events = new byte[Batch * Epoll.EventSize];
    private readonly Dictionary<int, IPollable> _targets = [];

    /// <exception cref="SocketException">The system forbids it, or lacks descriptors.</exception>
    public EpollPoller()
    {
        try
        {
            _wake = Epoll.CreateEvent();
            Epoll.Control(_epoll, Epoll.Add, (int)_wake.DangerousGetHandle(), Epoll.In);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Add(IPollable target)
    {
        int descriptor = Descriptor(target);
        Epoll.Control(_epoll, Epoll.Add, descriptor, 0);
        _targets.Add(descriptor, target);
    }

    public void Watch(IPollable target, Interest interest)
    {
        // The end of both directions is reported regardless of interest; without any, once is enough.
        uint events = (interest.HasFlag(Interest.Read) ? Epoll.In : 0)
            | (interest.HasFlag(Interest.Write) ? Epoll.Out : 0)
            | (interest == Interest.None ? Epoll.EdgeTriggered : 0);
        Epoll.Control(_epoll, Epoll.Modify, Descriptor(target), events);
    }

    public void Remove(IPollable target)
    {
        int descriptor = Descriptor(target);
        _targets.Remove(descriptor);
        Epoll.Forget(_epoll, descriptor);
    }

    public Socket? Accept(IPollable listener)
    {
        try
        {
            return listener.Socket.Accept();
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.ConnectionAborted)
        {
            return null;
        }
    }

    public int Wait(Span<Readiness> ready, int timeout)
    {
        int count = Epoll.Wait(_epoll, _events, timeout);
        int filled = 0;
        for (int i = 0; i < count; i++)
        {
            (uint events, int descriptor) = Epoll.EventAt(_events, i);
            if (_targets.TryGetValue(descriptor, out IPollable? target))
                ready[filled++] = new Readiness(target, ToInterest(events));
            else
                Epoll.Clear(_wake);
        }

        return filled;
    }

    public void Wake() => Epoll.Signal(_wake);

    public void Dispose()
    {
        _wake.Dispose();
        Epoll.Close(_epoll);
    }

    /// <summary>
    /// Converts events. A hang-up is no failure: both sides have ended sending, and there may be data left. Whoever can read
    /// meets the failure after the data.
    /// </summary>
    private static Interest ToInterest(uint events) =>
        ((events & Epoll.In) != 0 ? Interest.Read : 0)
        | ((events & Epoll.Out) != 0 ? Interest.Write : 0)
        | ((events & (Epoll.Error | Epoll.In)) == Epoll.Error ? Interest.Failed : 0);

    private static int Descriptor(IPollable target) => (int)target.Socket.Handle;
}
