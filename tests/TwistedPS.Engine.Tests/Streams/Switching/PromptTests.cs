using System.Text;

namespace TwistedPS.Tests;

public sealed class PromptTests
{
    [Theory]
    [InlineData("login: ", "login: ")]
    [InlineData("login: ", "router login: ")]
    [InlineData("OK", "OK")]
    public void A_prompt_is_a_line_without_an_end(string text, string sent)
    {
        using var rig = new MemoryRig();
        using MemoryPeer peer = rig.Connect();
        LinePrompt prompt = Expect(rig, text);
        peer.Send($"Welcome\r\n{sent}");
        Assert.Equal(["Welcome", sent], rig.Handler.LinesOf(0));
        Assert.Equal(sent, prompt.Received);
    }

    [Theory]
    [InlineData("OK", "NOT OK")]
    [InlineData(".", "The end.")]
    [InlineData("login: ", "login: x")]
    [InlineData("login: ", "login:")]
    public void Part_of_a_line_is_none(string text, string sent)
    {
        using var rig = new MemoryRig();
        using MemoryPeer peer = rig.Connect();
        LinePrompt prompt = Expect(rig, text);
        peer.Send(sent);
        Assert.Empty(rig.Handler.LinesOf(0));
        peer.Send("\r\n");
        Assert.Equal([sent], rig.Handler.LinesOf(0));
        Assert.Null(prompt.Received);
    }

    [Fact]
    public void One_that_has_come_already_is_found()
    {
        using var rig = new MemoryRig();
        using MemoryPeer peer = rig.Connect();
        peer.Send("Name: ");
        Assert.Empty(rig.Handler.LinesOf(0));
        Expect(rig, "Name: ");
        rig.Until("line 0: Name: ");
    }

    [Fact]
    public void It_is_found_once()
    {
        using var rig = new MemoryRig();
        using MemoryPeer peer = rig.Connect();
        Expect(rig, "> ");
        peer.Send("> ");
        peer.Send("> ");
        peer.Send("x\r\n");
        Assert.Equal(["> ", "> x"], rig.Handler.LinesOf(0));
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    public void The_end_of_a_line_that_comes_late_makes_no_empty_line(string end)
    {
        using var rig = new MemoryRig(largestRead: 1);
        using MemoryPeer peer = rig.Connect();
        Expect(rig, "OK");
        peer.Send("OK");
        peer.Send(end);
        peer.Send($"next{end}{end}");
        Assert.Equal(["OK", "next", ""], rig.Handler.LinesOf(0));
    }

    [Fact]
    public void An_empty_line_that_answers_what_was_sent_stays()
    {
        using var rig = new MemoryRig();
        using MemoryPeer peer = rig.Connect();
        Expect(rig, "> ");
        peer.Send("> ");
        rig.Do(() => rig.Server.Connections[0].Send("command"));
        peer.Send("\r\nnext\r\n");
        Assert.Equal(["> ", "", "next"], rig.Handler.LinesOf(0));
    }

    [Fact]
    public void The_end_of_what_may_be_a_line_is_none_even_after_something_was_sent()
    {
        using var rig = new MemoryRig();
        using MemoryPeer peer = rig.Connect();
        Expect(rig, "OK");
        peer.Send("OK");
        rig.Do(() => rig.Server.Connections[0].Send("next"));
        peer.Send("\r\nreply\r\n");
        Assert.Equal(["OK", "reply"], rig.Handler.LinesOf(0));
    }

    [Fact]
    public void Commands_of_telnet_are_no_part_of_it()
    {
        using var rig = new MemoryRig();
        using MemoryPeer peer = rig.Connect();
        Expect(rig, "login:");
        peer.Send([255, 251, 1, .. "login:"u8]);
        Assert.Equal(["login:"], rig.Handler.LinesOf(0));
    }

    private static LinePrompt Expect(MemoryRig rig, string text)
    {
        var prompt = new LinePrompt(text, Encoding.UTF8);
        rig.Do(() => rig.Server.Connections[0].Expect(prompt));
        return prompt;
    }
}
