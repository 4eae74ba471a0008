using System.Text;

namespace TwistedPS.Bench.Tests;

public sealed class SeedLoadsTests
{
    [Fact]
    public void A_line_that_has_one_reply_is_sent_as_often_as_a_window_needs()
    {
        Script script = Scripts.Repeat("test", "no", greeting: "hi", lineEnd: "\n");
        Assert.True(script.Count >= 64);
        Assert.Equal("test\n", Encoding.ASCII.GetString(script.Requests(0, 1)));
        Assert.Equal("no\nno\n", Encoding.ASCII.GetString(script.Replies[..script.ReplyStart(2)]));
        Assert.Equal("hi\n", Encoding.ASCII.GetString(script.Greeting));
        Assert.Empty(Scripts.Repeat("test", "no").Greeting);
    }

    [Fact]
    public void The_systems_of_the_articles_are_those_that_Twisted_has_a_twin_of()
    {
        var twisted = new Peer(Peers.Twisted, "", null);
        Assert.All(SeedLoads.All, load => Assert.Equal(load.Work.Handler != Handler.ChatNode, load.Includes(twisted)));
    }
}
