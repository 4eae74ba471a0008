using System.Net.Sockets;

namespace TwistedPS.Soak;

/// <summary>Peers that misbehave: they break off, never read, send what is no line, or come only to leave.</summary>
internal sealed class Nuisance(string server) : ISoakLoad
{
    public string Name => $"nuisance, {server}";

    public int Peers => 2;

    public async Task RunAsync(Subject subject, Ledger ledger, CancellationToken cancel)
    {
        using Talk talk = await Talk.ConnectAsync(subject.PortOf(server), cancel);
        try
        {
            switch (Random.Shared.Next(4))
            {
                case 0:
                    await talk.SendAsync("half a li", cancel);
                    break;
                case 1:
                    await talk.SendAsync(new string('x', 100_000), cancel);
                    await talk.ReceiveAsync(1, cancel);
                    break;
                case 2:
                    await NeverReadAsync(talk, cancel);
                    break;
            }
        }
        catch (SocketException)
        {
            // The subject may well have dropped such a peer.
        }

        talk.Reset();
    }

    private static async Task NeverReadAsync(Talk talk, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(1));
        string lines = string.Concat(Enumerable.Repeat("never read\n", 1000));
        try
        {
            while (true)
                await talk.SendAsync(lines, limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // It is not read from any more, as it should be.
        }
    }
}
