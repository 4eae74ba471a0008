using System.Text;

namespace TwistedPS.Tests;

public sealed class DataReadBytesTests
{
    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_number_of_raw_bytes_come_together_and_then_all_as_they_come(Carrier carrier)
    {
        var handler = new DataHandler { OnConnect = it => it.ReadBytes(4) };
        using var rig = new DataRig(carrier, handler);
        using IPeer peer = rig.Connect();
        peer.Send("ab");
        rig.Until(() => rig.Server.BytesIn == 2);
        peer.Send("cdef");
        rig.Until(() => handler.Bytes.Length == 6);
        peer.Send("g");
        rig.Until(() => handler.Bytes.Length == 7);
        Assert.Equal(["abcd", "ef", "g"], handler.Messages.Select(Encoding.ASCII.GetString));
    }

    [Fact]
    public void Frames_follow_again()
    {
        var handler = new DataHandler
        {
            OnData = (connection, data) =>
            {
                if (data is [(byte)'!'])
                    connection.ReadBytes(3);
            },
        };
        using var rig = new DataRig(Carrier.Memory, handler, framing: DataFraming.Netstring);
        using IPeer peer = rig.Connect();
        peer.Send("2:ab,1:!,xyz4:last,");
        Assert.Equal(["ab", "!", "xyz", "last"], handler.Messages.Select(Encoding.ASCII.GetString));
        rig.Do(() => Assert.Equal(4, rig.Server.MessagesIn));
    }

    [Fact]
    public void More_than_a_message_may_have_is_an_error()
    {
        using var rig = new DataRig(Carrier.Memory);
        using IPeer peer = rig.Connect();
        rig.Do(() => Assert.Throws<MessageTooLongException>(() => rig.Server.Connections[0].ReadBytes(100000)));
    }

    [Fact]
    public void Too_few_at_the_end_are_cut_off()
    {
        var handler = new DataHandler { OnConnect = it => it.ReadBytes(4) };
        using var rig = new DataRig(Carrier.Memory, handler);
        using IPeer peer = rig.Connect();
        peer.Send("abc");
        peer.HalfClose();
        rig.Until("disconnect 0: Done");
        Assert.Empty(handler.Messages);
        Assert.Equal(1, rig.Server.MessagesCutOff);
    }
}
