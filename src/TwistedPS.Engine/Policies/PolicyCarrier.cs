using System.Net.Sockets;
using TwistedPS.Engine.Carriers;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Policies;

/// <summary>
/// The base of policies: a carrier to what is above it, and what is above to the carrier that it wraps (Twisted's
/// <c>ProtocolWrapper</c>). What is written to it is its own until it hands it down. On the loop's thread only.
/// </summary>
internal abstract class PolicyCarrier : ICarrier
{
    protected PolicyCarrier(ICarrier carrier)
    {
        Carrier = carrier;
        carrier.Ready = CarrierReady;
    }

    public Address LocalAddress => Carrier.LocalAddress;

    public Address RemoteAddress => Carrier.RemoteAddress;

    public PooledBuffer Unsent { get; } = new();

    public int UnsentBytes => Unsent.Length + Carrier.UnsentBytes;

    public bool HasOutput => Unsent.Length > 0 || Carrier.HasOutput;

    public virtual bool IsHeldBack => Carrier.IsHeldBack;

    public bool MustRead => Carrier.MustRead;

    public Exception? Failure => Carrier.Failure;

    public Action<Interest, int>? Ready { get; set; }

    /// <summary>The carrier beneath.</summary>
    protected ICarrier Carrier { get; private set; }

    public abstract int Receive(Memory<byte> buffer, out SocketError error);

    public abstract int Send(out SocketError error);

    public void DropOutput()
    {
        Unsent.Release();
        Carrier.DropOutput();
    }

    public virtual void FinishOutput() => Carrier.FinishOutput();

    public virtual void EndSending() => Carrier.EndSending();

    public virtual void IgnoreInput() => Carrier.IgnoreInput();

    public virtual void Watch(Interest interest) => Carrier.Watch(interest);

    public virtual ICarrier Wrap(Func<ICarrier, ICarrier> wrap) => wrap(this);

    public virtual void Dispose(bool abort)
    {
        Unsent.Release();
        Carrier.Dispose(abort);
    }

    /// <summary>Hands down the oldest of the bytes that are its own.</summary>
    protected void HandDown(int count)
    {
        Unsent.Span[..count].CopyTo(Carrier.Unsent.GetSpan(count));
        Carrier.Unsent.Advance(count);
        Unsent.Consume(count);
    }

    /// <summary>Puts a carrier between it and the one beneath.</summary>
    protected void WrapBeneath(Func<ICarrier, ICarrier> wrap) => (Carrier = wrap(Carrier)).Ready = CarrierReady;

    protected virtual void CarrierReady(Interest ready, int sent) => Ready?.Invoke(ready, sent);
}
