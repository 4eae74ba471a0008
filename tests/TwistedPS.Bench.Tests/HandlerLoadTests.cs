using System.Text;

namespace TwistedPS.Bench.Tests;

public sealed class HandlerLoadTests
{
    [Fact]
    public void The_figures_of_a_loop_are_a_line_each()
    {
        Figures figures = OwnLoop.Parse(["2000", "0.5", "0.4"]);
        Assert.Equal(4000, figures[Metric.LinesPerSecond], 6);
        Assert.Equal(0.8, figures[Metric.Cores], 6);
        Assert.Equal(200, figures[Metric.CpuPerLine], 6);
    }

    [Theory]
    [InlineData("cmdlet", 1)]
    [InlineData("pipeline", 1)]
    [InlineData("json", 30)]
    [InlineData("match", 3)]
    public void Each_request_has_a_reply(string load, int shortest)
    {
        Script script = Of(load).Script;
        string replies = Encoding.ASCII.GetString(script.Replies[..script.ReplyLength]);
        string requests = Encoding.ASCII.GetString(script.Requests(0, script.Count));
        Assert.Equal(script.Count, requests.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(script.Count, replies.Split("\r\n").Length - 1);
        Assert.All(requests.Split("\r\n")[..^1], request => Assert.True(request.Length >= shortest));
    }

    [Fact]
    public void Only_the_loads_of_handlers_have_a_loop()
    {
        var loop = new Peer(Peers.Loop, "", null) { IsSpecial = true };
        Assert.All(AllLoads.All, load => Assert.Equal(load.Work is HandlerLoad, load.Includes(loop)));
    }

    private static HandlerLoad Of(string name) => (HandlerLoad)AllLoads.All.Single(load => load.Name == name).Work;
}
