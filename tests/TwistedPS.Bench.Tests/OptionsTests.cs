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

    [Fact]
    public void A_page_of_some_loads_has_files_of_its_own_and_the_peers_that_these_have()
    {
        Load costly = AllLoads.All.Single(load => load.Name == "costly");
        Options options = Options.Parse(["--page", "reactors"]);
        var report = new Report([costly], Peers.Find("peers", options.PowerShell), new Results(), options);
        Assert.Equal(costly.Peers, report.Peers.Select(peer => peer.Name));
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            report.Write(folder);
            Assert.Equal(
                ["benchmark-reactors.json", "benchmark-reactors.md", "benchmark-reactors.svg"],
                Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            string page = File.ReadAllText(Path.Combine(folder, "benchmark-reactors.md"));
            Assert.Contains("# Benchmark: reactors\n", page);
            Assert.Contains("./build.sh bench --page reactors --output docs --loads costly\n", page);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}
