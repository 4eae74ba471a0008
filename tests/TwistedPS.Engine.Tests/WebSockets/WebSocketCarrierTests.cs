using System.Net.WebSockets;

namespace TwistedPS.Tests;

public sealed class WebSocketCarrierTests
{
    private static readonly ServerOptions s_small = new() { SendBufferLimit = 100 };

    [Fact]
    public void No_more_than_one_part_is_received_ahead_of_a_connection_that_is_paused()
    {
        LineConnection? paused = null;
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                if (line == "pause")
                    (paused = connection).Pause();
            },
        };
        using var rig = new TestWebSocketRig(handler);
        TestWebSocket socket = rig.Connect();
        foreach (string text in new[] { "a", "pause", "b", "c", "d" })
            socket.Arrive(text);
        rig.Turn();
        Assert.Equal(["a", "pause"], handler.LinesOf(0));
        Assert.Equal(3, socket.Receives);
        rig.Do(paused!.Resume);
        Assert.Equal(["a", "pause", "b", "c", "d"], handler.LinesOf(0));
        Assert.False(handler.WasNested);
    }

    [Fact]
    public void What_the_system_has_no_room_for_counts_as_unsent_and_stops_reading_for_answers()
    {
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) => connection.Send(new string(line[0], 60)),
            OnDrain = _ => { },
        };
        using var rig = new TestWebSocketRig(handler, s_small);
        TestWebSocket socket = rig.Connect();
        socket.IsFull = true;
        foreach (string text in new[] { "1", "2", "3", "4" })
            socket.Arrive(text);
        rig.Turn();
        Assert.Equal(["1", "2"], handler.LinesOf(0));
        Assert.Equal(124, rig.Server.Connections[0].UnsentBytes);
        Assert.Equal(0, rig.Server.Connections[0].BytesOut);
        socket.IsFull = false;
        socket.Accept();
        rig.Turn();
        Assert.Equal(["1", "2", "3", "4"], handler.LinesOf(0));
        Assert.Equal(["1", "2", "3", "4"], socket.Sent.Select(text => text[..1]));
        Assert.Equal((0, 248), (rig.Server.Connections[0].UnsentBytes, rig.Server.Connections[0].BytesOut));
        Assert.Equal(1, handler.Count("drain 0"));
    }

    [Fact]
    public void A_broadcast_drops_a_peer_that_does_not_read_and_nobody_else()
    {
        var handler = new RecordingHandler();
        using var rig = new TestWebSocketRig(handler, s_small);
        TestWebSocket slow = rig.Connect();
        TestWebSocket other = rig.Connect();
        slow.IsFull = true;
        for (int i = 0; i < 3; i++)
            rig.Do(() => rig.Server.Broadcast(new string('x', 50), () => rig.Server.Connections));
        Assert.True(handler.Has("disconnect 0: SlowReader"));
        Assert.True(slow.IsDisposed);
        Assert.Null(slow.ClosedWith);
        Assert.Equal(1, rig.Released);
        Assert.Equal(3, other.Sent.Count);
        slow.Accept();
        rig.Turn();
        Assert.Single(rig.Server.Connections);
    }

    [Fact]
    public void A_peer_that_is_gone_is_noticed_while_its_connection_is_paused()
    {
        var handler = new RecordingHandler();
        using var rig = new TestWebSocketRig(handler);
        TestWebSocket socket = rig.Connect();
        rig.Do(rig.Server.Connections[0].Pause);
        socket.Lose();
        rig.Turn();
        Assert.True(handler.Has("disconnect 0: Lost"));
        Assert.True(socket.IsDisposed);
    }

    [Fact]
    public void What_came_before_the_loss_is_handled()
    {
        var handler = new RecordingHandler();
        using var rig = new TestWebSocketRig(handler);
        TestWebSocket socket = rig.Connect();
        socket.Arrive("a");
        socket.Arrive("b");
        socket.Lose();
        rig.Turn();
        Assert.Equal(["connect 0", "line 0: a", "line 0: b", "disconnect 0: Lost"], handler.Events.Skip(1));
    }

    [Fact]
    public void A_close_sends_what_is_left_and_its_code_and_then_waits_for_the_peer()
    {
        var handler = new RecordingHandler { OnConnect = connection => connection.Send("first") };
        using var rig = new TestWebSocketRig(handler);
        TestWebSocket socket = rig.Connect();
        rig.Turn();
        socket.IsFull = true;
        rig.Do(() =>
        {
            rig.Server.Connections[0].Send("last");
            rig.Server.Connections[0].Close();
        });
        Assert.Null(socket.ClosedWith);
        socket.Accept();
        rig.Turn();
        Assert.Equal(["first", "last"], socket.Sent);
        Assert.Equal(1000, socket.ClosedWith);
        Assert.False(socket.IsDisposed);
        socket.Arrive("too late");
        socket.Arrive(WebSocketMessageType.Close);
        rig.Turn();
        Assert.True(socket.IsDisposed);
        Assert.Equal(["connect 0", "disconnect 0: Done"], handler.Events.Skip(1));
        Assert.Equal(1, rig.Released);
    }

    [Fact]
    public void A_peer_that_closes_gets_all_answers_and_then_the_same()
    {
        var handler = RecordingHandler.Echo();
        using var rig = new TestWebSocketRig(handler);
        TestWebSocket socket = rig.Connect();
        socket.Arrive("a");
        socket.Arrive(WebSocketMessageType.Close);
        rig.Turn();
        Assert.Equal(["a"], socket.Sent);
        Assert.Equal(1000, socket.ClosedWith);
        Assert.True(handler.Has("disconnect 0: Done"));
    }

    [Fact]
    public void A_binary_message_closes_a_connection_of_lines()
    {
        var handler = new RecordingHandler();
        using var rig = new TestWebSocketRig(handler);
        TestWebSocket socket = rig.Connect();
        socket.Arrive(WebSocketMessageType.Binary);
        socket.Arrive("dropped");
        rig.Turn();
        Assert.Equal(1003, socket.ClosedWith);
        socket.Arrive(WebSocketMessageType.Close);
        rig.Turn();
        Assert.Equal(["connect 0", "disconnect 0: InvalidMessage"], handler.Events.Skip(1));
    }

    [Fact]
    public void A_reactor_that_is_gone_leaves_no_WebSocket_open()
    {
        var rig = new TestWebSocketRig(new RecordingHandler());
        TestWebSocket socket = rig.Connect();
        rig.Dispose();
        Assert.True(socket.IsDisposed);
    }
}
