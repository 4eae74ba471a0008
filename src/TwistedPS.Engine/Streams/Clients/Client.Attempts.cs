using TwistedPS.Engine.Services;

namespace TwistedPS;

/// <content>When it tries to connect, and until when.</content>
public abstract partial class Client
{
    /// <summary>Schedules the next attempt, or ends.</summary>
    private void RetryOrEnd()
    {
        TimeSpan? next = Attempts.Next();
        if (next is null && Attempts.IsExhausted)
            ReactorLog.Add(LogLevel.Warning, $"Gave up reconnecting after {Attempts.Retries} attempts");
        if (next is { } delay)
            Retry(delay);
        else
            End();
    }

    private void Retry(TimeSpan delay)
    {
        Status = ClientStatus.Waiting;
        BeginReceiving();
        ReactorLog.Add(LogLevel.Information, $"Reconnecting in {delay.TotalSeconds:0.###} s");
        _retry = Reactor.CallLater(delay, () => _ = TryConnectAsync(BeginRetry, _giveUp.Token));
    }

    /// <returns>A token that is cancelled when it is to give up.</returns>
    private CancellationToken StartTrying()
    {
        Attempts.Begin();
        if (_giveUp.IsCancellationRequested)
            _giveUp = new CancellationTokenSource();

        // What is sent from now on waits for the connection.
        if (Status != ClientStatus.Connected)
            Be(ClientStatus.Connecting);
        return _giveUp.Token;
    }

    private void StopTrying()
    {
        _retry?.Cancel();
        Attempts.GiveUp();
        _giveUp.Cancel();
        if (Status == ClientStatus.Waiting)
            End();
        Attempts.End();
    }

    /// <returns>False if it has been connected by hand since the retry was due.</returns>
    private bool BeginRetry() => Status == ClientStatus.Waiting && !_retry!.IsActive && BeginConnect();
}
