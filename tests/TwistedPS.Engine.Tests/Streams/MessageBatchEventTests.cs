using static TwistedPS.Tests.BatchRigs;

namespace TwistedPS.Tests;

public sealed class MessageBatchEventTests
{
    [Fact]
    public void An_interruption_leaves_the_lines_after_it_for_later()
    {
        var handler = new BatchHandler
        {
            OnLine = (connection, line) =>
            {
                if (line == "d")
                    connection.Close();
                connection.Send(line);
                if (line is "b" or "c")
                    throw new ReactorInterruptedException(new FormatException());
            },
        };
        using MemoryRig rig = Serve(handler);
        MemoryPeer peer = rig.Connect();
        Assert.Throws<ReactorInterruptedException>(() => peer.Send("a\nb\nc\nd\ne\n"));
        Assert.Equal("[ a b ]", handler.Told);
        Assert.Throws<ReactorInterruptedException>(() => rig.Reactor.Turn());
        Assert.Equal("[ a b ] [ c ]", handler.Told);
        Assert.Equal("a\r\nb\r\nc\r\nd\r\n", peer.ReceiveToEnd());
        Assert.Equal("[ a b ] [ c ] [ d ]", handler.Told);
        Assert.Null(rig.Reactor.Watch.Current);
    }

    [Fact]
    public void LineReceived_is_raised_after_each_line_is_handled_and_before_the_next_one_is()
    {
        var handler = new BatchHandler();
        using MemoryRig rig = Serve(handler);
        var running = new List<CallContext?>();
        rig.Server.LineReceived += (_, args) =>
        {
            handler.Note($"raised:{args.Line}");
            running.Add(rig.Reactor.Watch.Current);
        };
        rig.Connect().Send("a\nb\nc\n");
        Assert.Equal("[ a raised:a b raised:b c raised:c ]", handler.Told);
        Assert.All(running, Assert.Null);
    }

    [Fact]
    public void LineReceived_is_raised_for_the_line_after_which_a_handler_left_too()
    {
        var handler = new BatchHandler { LeavesAfter = "b" };
        using MemoryRig rig = Serve(handler);
        rig.Server.LineReceived += (_, args) => handler.Note($"raised:{args.Line}");
        rig.Connect().Send("a\nb\nc\n");
        Assert.Equal("[ a raised:a b ] raised:b [ c raised:c ]", handler.Told);
    }

    [Fact]
    public void A_subscriber_that_throws_does_not_disturb_the_lines_after()
    {
        BatchHandler handler = BatchHandler.Echo();
        using MemoryRig rig = Serve(handler);
        rig.Server.LineReceived += (_, args) => throw new FormatException(args.Line);
        MemoryPeer peer = rig.Connect();
        peer.Send("a\nb\n");
        peer.Expect("a\r\nb\r\n");
        Assert.Equal("[ a b ]", handler.Told);
        Assert.Equal(["b", "a"], rig.Server.Errors.Select(it => it.Message));
    }

    [Fact]
    public void A_subscriber_that_is_interrupted_leaves_later_lines_their_whole_call()
    {
        var handler = new BatchHandler
        {
            OnLine = (connection, line) =>
            {
                if (line == "b")
                    connection.Close();
                connection.Send(line);
            },
        };
        using MemoryRig rig = Serve(handler);
        rig.Server.LineReceived += (_, args) =>
        {
            if (args.Line == "a")
                throw new ReactorInterruptedException(new FormatException());
        };
        MemoryPeer peer = rig.Connect();
        Assert.Throws<ReactorInterruptedException>(() => peer.Send("a\nb\n"));
        Assert.Equal("a\r\nb\r\n", peer.ReceiveToEnd());
    }

    [Fact]
    public void Lines_that_last_have_turns_of_their_own_and_only_the_longest_is_named()
    {
        var running = new List<(string?, ICallTarget?)>();
        using var rig = new MemoryRig();
        var held = new List<string>();
        rig.Reactor.HandlerHeld += call => held.Add(call.Name);
        var handler = new BatchHandler
        {
            OnLine = (connection, line) =>
            {
                running.Add((rig.Reactor.Watch.Current?.Handler.Name, rig.Reactor.Watch.Current?.Target));
                for (int i = 0; i < line.Length; i++)
                    rig.Time.Advance(TimeSpan.FromSeconds(0.5));
            },
        };
        rig.Do(() => rig.Server.Replace(handler));
        MemoryPeer peer = rig.Connect();
        peer.Send(".\n.\n.\n.\n.\n.\n");
        Assert.Empty(held);
        Connection served = rig.Server.Connections.Single();
        Assert.Equal(Enumerable.Repeat<(string?, ICallTarget?)>(("OnLine", served), 6), running);
        peer.Send(".\n....\n.\n");
        Assert.Equal(["OnLine"], held);
        Assert.Equal("[ . ] [ . ] [ . ] [ . ] [ . ] [ . ] [ . ] [ .... ] [ . ]", handler.Told);
    }
}
