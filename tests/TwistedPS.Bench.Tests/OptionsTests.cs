namespace TwistedPS.Bench.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void The_words_that_start_PowerShell_come_before_its_script()
    {
        string program = Environment.ProcessPath!;
        Options options = Options.Parse(["--powershell", $"{program},pwsh.dll,-NoProfile"]);
        Peer module = Peers.Find("peers", options.PowerShell).First(peer => peer.Name == Peers.Module);
        Assert.Equal(program, module.Program);
        Assert.Equal(["pwsh.dll", "-NoProfile", "-File", Path.Combine("peers", "twistedps.ps1")], module.Arguments);
    }
}
