using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Transports;

namespace TwistedPS.Engine.Streams;

/// <summary>
/// When a connection closes: not before the handlers that run and the answers still to come, and by itself when both sides have
/// ended sending. On the reactor's thread only.
/// </summary>
internal sealed class ConnectionClosing(Connection connection)
{
    private DelayedCall? _limit;
    private int _holds;
    private bool _isRelayed;
    private bool _endsSending;
    private bool _peerHasEnded;
    private bool _isByPeer;
    private CloseReason _reason;
    private Exception? _error;

    private Transport? Transport => connection.Transport;

    /// <summary>Whether a handler runs, or an answer is still to come.</summary>
    public bool IsHeld => _holds > 0;

    private bool MustWait => IsHeld && !_isRelayed;

    /// <summary>
    /// Keeps it from closing while a handler runs or an answer is still to come. A close that is requested meanwhile is done
    /// at the last <see cref="Release"/>.
    /// </summary>
    public void Hold() => _holds++;

    public void Release()
    {
        if (--_holds > 0)
            return;
        if (_reason != CloseReason.None)
            Transport?.Close(_reason, _error);
        else if (_endsSending)
            EndOutput();
    }

    /// <returns>False if it closes already.</returns>
    public bool Close(CloseReason reason, Exception? error)
    {
        if (Transport is not { IsOpen: true } || _reason != CloseReason.None)
            return false;
        (_reason, _error, _isByPeer) = (reason, error, Transport.IsReadEnded);
        if (!MustWait)
            Transport.Close(reason, error);
        return true;
    }

    /// <summary>Waits for nothing any more: the peer is no longer answered by handlers, but by another connection.</summary>
    public void BeginRelay() => _isRelayed = true;

    /// <summary>Closes it, and drops it if it has not closed after a time.</summary>
    public void CloseWithin(TimeSpan time, CloseReason reason)
    {
        if (Transport is null || connection.Status == ConnectionStatus.Closed)
            return;
        Transport.DrainTime = time;
        connection.Close(reason);
        _limit?.Cancel();
        _limit = Transport.Loop.CallLater(time, () => Transport!.Abort(reason));
    }

    public void EndSending()
    {
        _endsSending = true;
        if (!MustWait)
            EndOutput();
    }

    public void PeerHasEnded()
    {
        _peerHasEnded = true;
        CloseIfBothHaveEnded();
    }

    /// <summary>Returns how it has ended, for a sentence about that.</summary>
    public string DescribeEnd() => connection.CloseReason == CloseReason.Done
        ? $"closed {(_isByPeer ? "by the peer" : "on this side")}"
        : NetworkService.Describe(connection.CloseReason, connection.CloseError);

    /// <summary>Returns why nothing can be sent, for a sentence about that.</summary>
    public string DescribeState() => connection.CloseReason switch
    {
        CloseReason.None => "not open",
        CloseReason.Done => DescribeEnd(),
        CloseReason reason => $"closed ({reason})",
    };

    /// <summary>Forgets the limit when it has ended.</summary>
    public void Done() => _limit?.Cancel();

    private void EndOutput()
    {
        Transport?.EndOutput();
        CloseIfBothHaveEnded();
    }

    private void CloseIfBothHaveEnded()
    {
        if (_endsSending && _peerHasEnded)
            connection.Close();
    }
}
