using System.Net.Sockets;
using TwistedPS.Engine.Carriers;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Policies;

/// <summary>
/// A carrier that lets no more bytes pass than budgets allow (Twisted's <c>ThrottlingProtocol</c>). It pauses reading, and
/// keeps output to itself, since a poller may send what the carrier at the socket has. On the loop's thread only.
/// </summary>
internal sealed class ThrottledCarrier : PolicyCarrier
{
    /// <summary>The most bytes that wait for the kernel, beyond those that wait here.</summary>
    private const int Portion = 65536;

    private readonly ThrottledFlow _input;
    private readonly ThrottledFlow _output;
    private Interest _interest;
    private bool _readsFreely;

    /// <param name="carrier">The carrier beneath.</param>
    /// <param name="loop">The loop of the connection.</param>
    /// <param name="input">The budgets of what is received.</param>
    /// <param name="output">The budgets of what is sent.</param>
    public ThrottledCarrier(ICarrier carrier, EventLoop loop, ByteBudget[] input, ByteBudget[] output)
        : base(carrier)
    {
        _input = new ThrottledFlow(loop, input, () => Watch(_interest));
        _output = new ThrottledFlow(loop, output, ResumeSending);
    }

    // If the kernel takes no more either, the wait is the peer's fault.
    public override bool IsHeldBack => (_output.IsWaiting && !Carrier.HasOutput) || base.IsHeldBack;

    public override int Receive(Memory<byte> buffer, out SocketError error)
    {
        if (_readsFreely)
            return Carrier.Receive(buffer, out error);
        int allowed = _input.Allow(buffer.Length);
        if (allowed == 0)
        {
            error = SocketError.WouldBlock;
            Watch(_interest);
            return 0;
        }

        int count = Carrier.Receive(buffer[..allowed], out error);
        _input.Spend(count);
        return count;
    }

    public override int Send(out SocketError error)
    {
        int room = Math.Min(Unsent.Length, Portion - Carrier.UnsentBytes);
        if (room > 0 && _output.Allow(room) is > 0 and var allowed)
        {
            HandDown(allowed);
            _output.Spend(allowed);
        }

        error = SocketError.WouldBlock;
        return Carrier.HasOutput ? Carrier.Send(out error) : 0;
    }

    public override void Watch(Interest interest)
    {
        _interest = interest;
        if (_input.IsWaiting && !_readsFreely)
            interest &= ~Interest.Read;
        if (!Carrier.HasOutput)
            interest &= ~Interest.Write;
        base.Watch(interest);
    }

    public override void IgnoreInput()
    {
        ReadFreely();
        base.IgnoreInput();
    }

    public override void Dispose(bool abort)
    {
        _input.End();
        _output.End();
        base.Dispose(abort);
    }

    protected override void CarrierReady(Interest ready, int sent)
    {
        // What a lost connection has still brought is all that will come.
        if ((ready & Interest.Failed) != 0)
            ReadFreely();
        base.CarrierReady(ready, sent);
    }

    private void ReadFreely()
    {
        if (_readsFreely)
            return;
        _readsFreely = true;
        Watch(_interest);
    }

    // What the kernel has not taken yet may be on its way already; the carrier beneath tells when there is room again.
    private void ResumeSending()
    {
        if (!Carrier.HasOutput)
            Ready?.Invoke(Interest.Write, 0);
    }
}
