namespace TwistedPS.Tests;

public sealed class LineServerErrorTests
{
    [Theory]
    [ClassData(typeof(Carriers))]
    [Trait("Check", "G7")]
    public void A_handler_that_throws_closes_its_connection_alone(Carrier carrier)
    {
        var error = new FormatException("no such thing");
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                connection.Send(line);
                if (line == "bad")
                    throw error;
            },
        };
        using Rig rig = Rig.Create(carrier, handler);
        using IPeer bad = rig.Connect();
        using IPeer good = rig.Connect();
        bad.Send("ok\nbad\nlater\n");
        Assert.Equal("ok\r\nbad\r\n", bad.ReceiveToEnd());
        bad.Close();
        rig.Until("disconnect 0: HandlerError");
        Assert.Equal(["ok", "bad"], handler.LinesOf(0));
        good.Send("still here\n");
        good.Expect("still here\r\n");
        using IPeer next = rig.Connect();
        next.Send("me too\n");
        next.Expect("me too\r\n");

        HandlerError noted = Assert.Single(rig.Server.Errors);
        var connection = (LineConnection)noted.Connection!;
        Assert.Equal(("OnLine", 0), (noted.Handler, connection.Number));
        Assert.Same(error, noted.Exception);
        Assert.Same(error, connection.CloseError);
        Assert.Equal(1, rig.Server.ErrorCount);
        LogEntry logged = Assert.Single(rig.Server.Log, entry => entry.Level == LogLevel.Error);
        Assert.Equal("OnLine failed: no such thing", logged.Message);
    }

    [Fact]
    public void An_error_is_in_the_log_before_it_is_counted()
    {
        using var rig = new MemoryRig(new RecordingHandler { OnLine = (_, _) => throw new FormatException("no such thing") });
        var counts = new List<long>();
        rig.Server.ReactorLog.Follow(entry =>
        {
            if (entry.Level == LogLevel.Error)
                counts.Add(rig.Server.ErrorCount);
        });
        rig.Connect().Send("bad\n");
        Assert.Equal([0], counts);
        Assert.Equal(1, rig.Server.ErrorCount);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    [Trait("Check", "G7")]
    public void When_OnConnect_throws_no_line_comes_and_OnDisconnect_does_once(Carrier carrier)
    {
        var handler = new RecordingHandler { OnConnect = _ => throw new FormatException() };
        using Rig rig = Rig.Create(carrier, handler);
        using IPeer peer = rig.Connect();
        peer.Send("a\n");
        Assert.Equal("", peer.ReceiveToEnd());
        peer.Close();
        rig.Until("disconnect 0: HandlerError");
        rig.Stop();
        Assert.Equal(["start", "connect 0", "disconnect 0: HandlerError", "stop"], handler.Events);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    [Trait("Check", "G7")]
    public void When_OnDisconnect_throws_the_error_is_noted_and_the_place_is_free(Carrier carrier)
    {
        LineConnection? closed = null;
        var handler = new RecordingHandler
        {
            OnDisconnect = (connection, _) =>
            {
                closed = connection;
                throw new FormatException();
            },
        };
        using Rig rig = Rig.Create(carrier, handler, new ServerOptions { MaxConnections = 1 });
        rig.Connect().Close();
        rig.Until(() => closed is not null);
        Assert.Equal("OnDisconnect", Assert.Single(rig.Server.Errors).Handler);
        Assert.Equal((ConnectionStatus.Closed, CloseReason.Done), (closed!.Status, closed.CloseReason));
        using IPeer next = rig.Connect();
        next.Send("a\n");
        rig.Until("line 1: a");
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void When_OnStop_throws_the_server_is_stopped(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, new RecordingHandler { OnStop = _ => throw new FormatException() });
        rig.Stop();
        Assert.Equal(ServerStatus.Stopped, rig.Server.Status);
        Assert.Equal(("OnStop", null), (rig.Server.Errors.Single().Handler, rig.Server.Errors.Single().Connection));
    }

    [Fact]
    public void When_OnStart_throws_the_server_does_not_start()
    {
        using var reactor = new Reactor();
        var handler = new RecordingHandler { OnStart = _ => throw new FormatException() };
        using var server = new LineServer(reactor, new ServerOptions(), new LineFormat(), handler);
        Assert.Throws<FormatException>(server.Start);
        Assert.Equal(ServerStatus.Stopped, server.Status);
        Assert.True(server.Completion.IsCompleted);
        Assert.Equal(["start"], handler.Events);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    [Trait("Check", "G7")]
    public void Bytes_that_are_not_valid_are_replaced_and_counted(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo());
        using IPeer peer = rig.Connect();
        peer.Send([0xFF, (byte)'a', (byte)'\n', (byte)'b', (byte)'\n', 0xFE, (byte)'\n']);
        peer.Expect("\uFFFDa\r\nb\r\n\uFFFD\r\n");
        rig.Do(() => Assert.Equal(2, rig.Server.Connections.Single().InvalidBytes));
        LogEntry warning = Assert.Single(rig.Server.Log, entry => entry.Level == LogLevel.Warning);
        Assert.Contains("utf-8", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_100_errors_are_kept_newest_first_and_all_are_counted()
    {
        var handler = new RecordingHandler { OnConnect = connection => throw new FormatException($"{connection.Number}") };
        using var rig = new MemoryRig(handler);
        for (int i = 0; i < 150; i++)
            rig.Connect();
        rig.Reactor.Turn();
        Assert.Equal(150, rig.Server.ErrorCount);
        Assert.Equal(Enumerable.Range(50, 100).Reverse().Select(i => $"{i}"), rig.Server.Errors.Select(it => it.Message));
    }

    [Fact]
    public void A_handler_that_closes_and_then_throws_has_closed()
    {
        var handler = new RecordingHandler
        {
            OnLine = (connection, _) =>
            {
                connection.Close();
                throw new FormatException();
            },
        };
        using var rig = new MemoryRig(handler);
        MemoryPeer peer = rig.Connect();
        peer.Send("a\n");
        peer.Close();
        Assert.True(handler.Has("disconnect 0: Done"));
        Assert.Equal(1, rig.Server.ErrorCount);
    }
}
