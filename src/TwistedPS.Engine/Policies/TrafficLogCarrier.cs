using System.Net.Sockets;
using TwistedPS.Engine.Carriers;

namespace TwistedPS.Engine.Policies;

/// <summary>
/// A carrier that records what passes, as its outermost reader sees it: TLS that begins later goes beneath it. On the loop's
/// thread only.
/// </summary>
internal sealed class TrafficLogCarrier : PolicyCarrier
{
    private readonly TrafficRecord _record;

    /// <param name="carrier">The carrier beneath.</param>
    /// <param name="record">The record.</param>
    public TrafficLogCarrier(ICarrier carrier, TrafficRecord record)
        : base(carrier)
    {
        _record = record;
        record.Note($"connected with {carrier.RemoteAddress}");
    }

    public override int Receive(Memory<byte> buffer, out SocketError error)
    {
        int count = Carrier.Receive(buffer, out error);
        if (count > 0)
            _record.Received(buffer.Span[..count]);
        else if (error == SocketError.Success)
            _record.Note("received the end");
        return count;
    }

    public override int Send(out SocketError error)
    {
        HandDown();
        error = SocketError.Success;
        return Carrier.HasOutput ? Carrier.Send(out error) : 0;
    }

    public override void FinishOutput()
    {
        HandDown();
        base.FinishOutput();
    }

    public override void EndSending()
    {
        _record.Note("sent the end");
        base.EndSending();
    }

    public override ICarrier Wrap(Func<ICarrier, ICarrier> wrap)
    {
        HandDown();
        WrapBeneath(wrap);
        return this;
    }

    public override void Dispose(bool abort)
    {
        base.Dispose(abort);
        _record.End();
    }

    private void HandDown()
    {
        if (Unsent.Length == 0)
            return;
        _record.Sent(Unsent.Span);
        HandDown(Unsent.Length);
    }
}
