using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Services;

namespace TwistedPS.Engine.Datagrams;

/// <summary>The datagrams of a wake-up, each handled in a call of its own. On the reactor's thread only.</summary>
/// <param name="part">The part of the server or client that handles them.</param>
/// <param name="call">The handler.</param>
internal sealed class DatagramBatch(DatagramPart part, HandlerCall call)
{
    private CallContext? _outer;
    private bool _isFirst;
    private bool _isCalling;

    public DatagramService Owner => part.Owner;

    /// <summary>The sender of the current datagram.</summary>
    public DatagramPeer Peer { get; private set; } = null!;

    /// <summary>The bytes of the current datagram.</summary>
    public byte[] Current { get; private set; } = [];

    /// <summary>Has a handler deal with all datagrams of this wake-up. Its exception ends its own call.</summary>
    public void Deliver(IDatagramHandler handler)
    {
        while (_isFirst = BeginCall())
        {
            try
            {
                handler.Received(this);
            }
            catch (Exception e) when (e is not ReactorInterruptedException)
            {
                Owner.AddError(call.Name, Peer, e);
            }
            finally
            {
                EndCall();
            }
        }
    }

    /// <summary>Has <see cref="NextCall"/> return the current call once more, which has only begun.</summary>
    public void Repeat() => _isFirst = true;

    /// <summary>Ends the current call, and begins that for the next datagram.</summary>
    /// <returns>False if there is none, and the handler is to return.</returns>
    public bool NextCall()
    {
        if (_isFirst)
        {
            _isFirst = false;
            return true;
        }

        if (!_isCalling)
            return false;
        EndCall();
        return BeginCall();
    }

    private void EndCall()
    {
        if (!_isCalling)
            return;
        _isCalling = false;
        part.Reactor.Watch.Exit(_outer);
        Owner.Release();
        Owner.NoteHandled(Peer, Current);
    }

    private bool BeginCall()
    {
        if (!part.TryReceive(out DatagramPeer? peer, out byte[]? data))
            return false;
        (Peer, Current, _isCalling) = (peer, data, true);
        _outer = part.Reactor.Watch.Enter(new CallContext(call, peer));
        Owner.Hold();
        return true;
    }
}
