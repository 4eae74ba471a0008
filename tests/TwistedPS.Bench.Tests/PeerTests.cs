using System.Diagnostics;

namespace TwistedPS.Bench.Tests;

public sealed class PeerTests
{
    [Fact]
    public void A_peer_starts_with_its_variables_and_the_handler_as_its_last_argument()
    {
        var peer = new Peer("heaps", "Heaps", "pwsh", "-File", "server.ps1")
        {
            Variables = new Dictionary<string, string> { ["DOTNET_gcServer"] = "1" },
        };

        ProcessStartInfo start = peer.Start(Handler.Costly);

        Assert.Equal("1", start.Environment["DOTNET_gcServer"]);
        Assert.Equal(["-File", "server.ps1", "costly"], start.ArgumentList);
    }
}
