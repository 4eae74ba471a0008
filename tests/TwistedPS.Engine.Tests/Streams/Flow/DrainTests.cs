namespace TwistedPS.Tests;

public sealed class DrainTests
{
    private const int Limit = 100_000;

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Output_over_the_limit_is_told_when_it_has_drained_and_not_before(Carrier carrier)
    {
        int unsent = -1;
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) => connection.Send(new string('x', 30_000_000)),
            OnDrain = connection => unsent = connection.UnsentBytes,
        };
        using Rig rig = Rig.Create(carrier, handler, new ServerOptions { SendBufferLimit = Limit });
        using IPeer peer = rig.Connect();
        peer.StopReading();
        peer.Send("go\n");
        rig.Until(() => rig.Server.Connections is [{ UnsentBytes: > Limit }]);
        rig.Do(() => Assert.False(handler.Has("drain 0")));
        peer.GoOnReading();
        peer.ReceiveBytes(30_000_002);
        rig.Until("drain 0");
        Assert.InRange(unsent, 0, Limit / 2);
        Assert.Equal(1, handler.Count("drain 0"));
        Assert.False(handler.WasNested);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_sender_that_stops_at_the_limit_is_always_told_to_go_on(Carrier carrier)
    {
        const int Texts = 1000;
        int left = Texts;
        void SendMore(LineConnection connection)
        {
            while (left > 0 && connection.UnsentBytes <= Limit)
            {
                connection.Send($"{left--}");
                connection.Write(new byte[20_000]);
            }
        }

        var handler = new RecordingHandler { OnConnect = SendMore, OnDrain = SendMore };
        using Rig rig = Rig.Create(carrier, handler, new ServerOptions { SendBufferLimit = Limit });
        using IPeer peer = rig.Connect();
        for (int i = Texts; i > 0; i--)
        {
            peer.Expect($"{i}\r\n");
            peer.ReceiveBytes(20_000);
        }

        Assert.False(handler.WasNested);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void It_is_not_told_within_the_handler_of_another_connection(Carrier carrier)
    {
        LineConnection[] all = [];
        var handler = new RecordingHandler
        {
            OnLine = (_, _) => all[0].Send(new string('x', Limit + 1)),
            OnDrain = _ => { },
        };
        using Rig rig = Rig.Create(carrier, handler, new ServerOptions { SendBufferLimit = Limit });
        using IPeer reader = rig.Connect();
        rig.Until("connect 0");
        using IPeer writer = rig.Connect();
        rig.Until("connect 1");
        rig.Do(() => all = rig.Server.Connections);
        writer.Send("go\n");
        reader.ReceiveBytes(Limit + 3);
        rig.Until("drain 0");
        Assert.False(handler.WasNested);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Output_within_the_limit_is_not_told(Carrier carrier)
    {
        var handler = new RecordingHandler { OnLine = (connection, line) => connection.Send(line), OnDrain = _ => { } };
        using Rig rig = Rig.Create(carrier, handler);
        using IPeer peer = rig.Connect();
        peer.Send("a\nb\n");
        peer.Expect("a\r\nb\r\n");
        rig.Do(() => { });
        Assert.False(handler.Has("drain 0"));
    }
}
