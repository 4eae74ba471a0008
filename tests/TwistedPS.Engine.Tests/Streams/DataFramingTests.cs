using System.Text;

namespace TwistedPS.Tests;

public sealed class DataFramingTests
{
    public static TheoryData<Carrier, DataFraming, byte[]> Framings()
    {
        var data = new TheoryData<Carrier, DataFraming, byte[]>();
        foreach (Carrier carrier in new Carriers())
        {
            data.Add(carrier, DataFraming.Netstring, "3:a\0b,0:,1:c,"u8.ToArray());
            data.Add(carrier, DataFraming.Decimal, "3 a\0b0 1 c"u8.ToArray());
            data.Add(carrier, DataFraming.Varint, [3, .. "a\0b"u8, 0, 1, .. "c"u8]);
            data.Add(carrier, DataFraming.Length16LE, [3, 0, .. "a\0b"u8, 0, 0, 1, 0, .. "c"u8]);
            data.Add(carrier, DataFraming.Parse(@"Until:\r\0"), "a\0b\r\0\r\0c\r\0"u8.ToArray());
            data.Add(carrier, DataFraming.Length8, [3, .. "a\0b"u8, 0, 1, .. "c"u8]);
            data.Add(carrier, DataFraming.Length16, [0, 3, .. "a\0b"u8, 0, 0, 0, 1, .. "c"u8]);
            data.Add(carrier, DataFraming.Length32, [0, 0, 0, 3, .. "a\0b"u8, 0, 0, 0, 0, 0, 0, 0, 1, .. "c"u8]);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Framings))]
    public void A_handler_gets_whole_messages_and_its_replies_are_framed(Carrier carrier, DataFraming framing, byte[] stream)
    {
        using var rig = new DataRig(carrier, DataHandler.Echo(), framing: framing);
        foreach (int chunk in new[] { 1, 2, 3, stream.Length })
        {
            using IPeer peer = rig.Connect();
            for (int at = 0; at < stream.Length; at += chunk)
                peer.Send(stream.AsSpan(at, Math.Min(chunk, stream.Length - at)));
            Assert.Equal(stream, peer.ReceiveBytes(stream.Length));
            peer.HalfClose();
            Assert.Equal("", peer.ReceiveToEnd());
        }

        Assert.Equal(["a\0b", "", "c"], rig.Handler.Messages.Take(3).Select(Encoding.Latin1.GetString));
        Assert.Equal(12, rig.Handler.Messages.Length);
    }

    [Theory]
    [MemberData(nameof(Framings))]
    public void A_client_gets_whole_messages(Carrier carrier, DataFraming framing, byte[] stream)
    {
        Assert.NotEmpty(stream);
        using var rig = new DataRig(carrier, DataHandler.Echo(), framing: framing);
        DataClient client = rig.ConnectClient();
        client.Connection!.Send([]);
        client.Connection.Send([0xFF, 0]);
        var received = new List<byte[]>();
        rig.Until(() =>
        {
            while (client.TryReceive(out byte[] message))
                received.Add(message);
            return received.Count >= 2;
        });
        Assert.Equal([[], [0xFF, 0]], received);
    }

    [Theory]
    [InlineData("1:a,100000:", CloseReason.MessageTooLong)]
    [InlineData("1:a,1:b;", CloseReason.InvalidMessage)]
    public void What_can_not_be_read_closes_the_connection_is_logged_and_counted(string stream, CloseReason reason)
    {
        foreach (Carrier carrier in new Carriers())
        {
            using var rig = new DataRig(carrier, DataHandler.Echo(), framing: DataFraming.Netstring);
            using IPeer peer = rig.Connect();
            peer.Send(stream + "1:c,");
            Assert.Equal("1:a,", peer.ReceiveToEnd());
            peer.Close();
            rig.Until($"disconnect 0: {reason}");
            Assert.Equal(["a"], rig.Handler.Messages.Select(Encoding.Latin1.GetString));
            bool isTooLong = reason == CloseReason.MessageTooLong;
            Assert.Equal((isTooLong ? 1 : 0, isTooLong ? 0 : 1), (rig.Server.MessagesTooLong, rig.Server.InvalidMessages));
            Assert.Single(rig.Server.Log, entry => entry.Level == LogLevel.Warning);
        }
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_message_that_the_end_cuts_off_is_counted_and_not_handed_over(Carrier carrier)
    {
        using var rig = new DataRig(carrier, DataHandler.Echo(), framing: DataFraming.Length16);
        using IPeer peer = rig.Connect();
        peer.Send([0, 1, 65, 0, 2, 66]);
        peer.HalfClose();
        Assert.Equal("\0\u0001A", peer.ReceiveToEnd());
        rig.Until("disconnect 0: Done");
        Assert.Equal(1, rig.Server.MessagesCutOff);
        Assert.Single(rig.Handler.Messages);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void What_is_too_long_to_be_sent_is_an_error_of_who_sends_it_and_nobody_else(Carrier carrier)
    {
        using var rig = new DataRig(carrier, framing: DataFraming.Length8);
        using IPeer peer = rig.Connect();
        rig.Until("connect 0");
        DataConnection connection = rig.Server.Connections.Single();
        Assert.Throws<MessageTooLongException>(() => connection.Send(new byte[256]));
        Assert.Throws<MessageTooLongException>(() => rig.Server.Broadcast(new byte[256], () => rig.Server.Connections));
        connection.Send([1]);
        Assert.Equal([1, 1], peer.ReceiveBytes(2));
    }
}
