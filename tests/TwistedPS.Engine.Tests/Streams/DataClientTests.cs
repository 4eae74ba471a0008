using System.Text;

namespace TwistedPS.Tests;

public sealed class DataClientTests
{
    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_client_sends_and_receives_bytes(Carrier carrier)
    {
        using var rig = new DataRig(carrier, DataHandler.Echo());
        DataClient client = rig.ConnectClient();
        byte[] sent = [0, 0xFF, .. "\r\n"u8];
        client.Connection!.Send(sent);
        Assert.Equal(sent, rig.Receive(client, sent.Length));
        Assert.Equal((4, 4), (client.BytesIn, client.BytesOut));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_client_that_ends_sending_still_receives_every_reply(Carrier carrier)
    {
        using var rig = new DataRig(carrier, DataHandler.Echo());
        DataClient client = rig.ConnectClient();
        var sent = new byte[100_000];
        rig.Do(() =>
        {
            client.Connection!.Send(sent);
            client.Connection.EndSending();
        });
        rig.Until(() => client.Status == ClientStatus.Disconnected);
        Assert.Equal(sent, rig.Receive(client, sent.Length));
        Assert.Equal(CloseReason.Done, client.Connection!.CloseReason);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_clients_handlers_get_the_bytes_and_the_end(Carrier carrier)
    {
        var handler = new DataHandler { OnConnect = connection => connection.Send("hi"u8.ToArray()) };
        var server = new DataHandler
        {
            OnData = (connection, data) =>
            {
                connection.Send(data);
                connection.Close();
            },
        };
        using var rig = new DataRig(carrier, server);
        DataClient client = rig.ConnectClient(handler);
        rig.Until(() => handler.Has("disconnect 0: Done"));
        Assert.Equal("hi"u8.ToArray(), handler.Bytes);
        Assert.False(client.TryReceive(out _));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_half_open_client_can_send_after_the_end_of_the_server(Carrier carrier)
    {
        using var rig = new DataRig(carrier, new DataHandler { OnConnect = connection => connection.EndSending() });
        var handler = new DataHandler();
        DataClient client = rig.ConnectClient(handler, allowHalfOpen: true);
        rig.Until(() => handler.Has("end 0"));
        client.Connection!.Send("still here"u8.ToArray());
        rig.Until(() => rig.Handler.Bytes.Length == 10);
        client.Connection.Close();
        rig.Until("disconnect 0: Done");
        rig.Until(() => handler.Has("disconnect 0: Done"));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Text_that_data_cut_apart_is_put_together(Carrier carrier)
    {
        using var rig = new DataRig(carrier);
        DataClient client = rig.ConnectClient();
        string text = "";
        foreach (byte single in Encoding.UTF8.GetBytes("é€😀"))
            text += client.Connection!.Decode([single]);
        Assert.Equal("é€😀", text);
    }
}
