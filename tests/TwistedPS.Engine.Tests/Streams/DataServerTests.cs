namespace TwistedPS.Tests;

public sealed class DataServerTests
{
    private static readonly byte[] s_everyByte = [.. Enumerable.Range(0, 256).Select(i => (byte)i), 0, 0xFF, 0xFF, 0, .. "\r\n\n"u8];

    [Theory]
    [ClassData(typeof(Carriers))]
    [Trait("Check", "E1")]
    public void Bytes_come_back_as_they_are_however_they_are_cut(Carrier carrier)
    {
        using var rig = new DataRig(carrier, DataHandler.Echo());
        using IPeer peer = rig.Connect();
        foreach (int chunk in new[] { 1, 2, 3, 7, 100, s_everyByte.Length })
        {
            for (int at = 0; at < s_everyByte.Length; at += chunk)
                peer.Send(s_everyByte.AsSpan(at, Math.Min(chunk, s_everyByte.Length - at)));
            Assert.Equal(s_everyByte, peer.ReceiveBytes(s_everyByte.Length));
        }

        Assert.Equal(6 * s_everyByte.Length, rig.Server.BytesIn);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    [Trait("Check", "E1")]
    public void Much_comes_back_as_it_is(Carrier carrier)
    {
        using var rig = new DataRig(carrier, DataHandler.Echo());
        using IPeer peer = rig.Connect();
        var sent = new byte[100_000];
        new Random(1).NextBytes(sent);
        peer.Send(sent);
        Assert.Equal(sent, peer.ReceiveBytes(sent.Length));
        Assert.Equal(sent, rig.Handler.Bytes);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    [Trait("Check", "E2")]
    public void What_was_sent_before_the_end_is_answered_before_the_end(Carrier carrier)
    {
        using var rig = new DataRig(carrier, DataHandler.Echo());
        using IPeer peer = rig.Connect();
        peer.Send("last");
        peer.HalfClose();
        Assert.Equal("last", peer.ReceiveToEnd());
        rig.Until("disconnect 0: Done");
        Assert.DoesNotContain("end 0", rig.Handler.Events);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_server_that_ends_sending_goes_on_receiving(Carrier carrier)
    {
        var handler = new DataHandler
        {
            OnConnect = connection =>
            {
                connection.Send("bye"u8.ToArray());
                connection.EndSending();
            },
        };
        using var rig = new DataRig(carrier, handler);
        using IPeer peer = rig.Connect();
        Assert.Equal("bye", peer.ReceiveToEnd());
        peer.Send("more");
        rig.Until(() => handler.Bytes.Length == 4);
        peer.HalfClose();
        rig.Until("disconnect 0: Done");
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void What_a_handler_throws_closes_its_connection_alone(Carrier carrier)
    {
        var handler = new DataHandler
        {
            OnData = (connection, data) =>
            {
                connection.Send(data);
                if (data[^1] == 0)
                    throw new FormatException();
            },
        };
        using var rig = new DataRig(carrier, handler);
        using IPeer good = rig.Connect();
        using IPeer bad = rig.Connect();
        rig.Until("connect 1");
        bad.Send([1, 0]);
        Assert.Equal("\u0001\0", bad.ReceiveToEnd());
        bad.Close();
        rig.Until("disconnect 1: HandlerError");
        good.Send([2]);
        Assert.Equal([2], good.ReceiveBytes(1));
        Assert.Equal("OnData", Assert.Single(rig.Server.Errors).Handler);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Data_that_a_pause_holds_back_come_when_it_resumes(Carrier carrier)
    {
        using var rig = new DataRig(carrier, new DataHandler { OnConnect = connection => connection.Pause() });
        using IPeer peer = rig.Connect();
        peer.Send("held back");
        rig.Until("connect 0");
        rig.Do(() => Assert.Empty(rig.Handler.Messages));
        rig.Do(() => rig.Server.Connections.Single().Resume());
        rig.Until(() => rig.Handler.Bytes.Length == 9);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Subscribers_get_the_data_after_the_handler(Carrier carrier)
    {
        using var rig = new DataRig(carrier);
        byte[] seen = [];
        rig.Server.DataReceived += (_, e) => seen = e.Data;
        using IPeer peer = rig.Connect();
        peer.Send([1, 2, 3]);
        rig.Until(() => seen.Length > 0);
        Assert.Same(rig.Handler.Messages.Single(), seen);
    }
}
