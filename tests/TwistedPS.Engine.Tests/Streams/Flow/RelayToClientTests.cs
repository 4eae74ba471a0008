namespace TwistedPS.Tests;

public sealed class RelayToClientTests
{
    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task What_arrives_before_the_client_is_connected_waits(PollerKind poller)
    {
        DataClient? client = null;
        DataHandler? seen = null;
        using var far = new QuietPort();
        far.Open();
        var handler = new DataHandler
        {
            OnData = (connection, data) =>
            {
                client = NewClient(connection.Owner.Reactor, far.Number, seen = new DataHandler());
                _ = client.ConnectAsync(CancellationToken.None);
                connection.RelayTo(client);
            },
        };
        using var rig = new DataRig(CarrierOf(poller), handler);
        using IPeer near = rig.Connect();
        near.Send("go");
        rig.Until(() => client is not null);
        near.Send("early");
        near.HalfClose();
        using SocketPeer peer = await far.AcceptAsync();
        peer.Expect("early");
        peer.Send("answer");
        peer.Close();
        Assert.Equal("answer", near.ReceiveToEnd());
        rig.Until("disconnect 0: Done");
        Assert.Equal("go"u8.ToArray(), handler.Bytes);
        rig.Until(() => seen!.Has("disconnect 0: Done"));
        Assert.Empty(seen!.Bytes);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void When_the_client_can_not_connect_the_connection_is_aborted(PollerKind poller)
    {
        using var closed = new QuietPort();
        using DataRig rig = RelayTo(poller, closed.Number, new DataHandler());
        using IPeer near = rig.Connect();
        near.Send("go");
        rig.Until("disconnect 0: Aborted");
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void When_the_connection_ends_first_the_client_gives_up(PollerKind poller)
    {
        using var silent = new SilentListener();
        var handler = new DataHandler();
        using DataRig rig = RelayTo(poller, silent.Port, handler);
        using IPeer near = rig.Connect();
        near.Send("go");
        rig.Until(() => handler.Has("connecting"));
        rig.Do(rig.Server.Connections[0].Abort);
        rig.Until(() => handler.Has("failed: TaskCanceledException") || handler.Has("failed: OperationCanceledException"));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void What_a_client_has_received_and_nobody_has_read_goes_first(Carrier carrier)
    {
        DataClient? client = null;
        var handler = new DataHandler
        {
            OnData = (connection, data) =>
            {
                if (connection.Number == 0)
                    connection.Send("queued"u8.ToArray());
                else
                    connection.RelayTo(client!);
            },
        };
        using var rig = new DataRig(carrier, handler);
        client = rig.ConnectClient();
        rig.Do(() => client.Connection!.Send("x"u8.ToArray()));
        rig.Until(() => client.BytesIn == 6);
        using IPeer near = rig.Connect();
        near.Send("y");
        near.Expect("queued");
        rig.Do(() => rig.Server.Connections[0].Send(" and more"u8.ToArray()));
        near.Expect(" and more");
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void A_client_that_does_not_connect_is_refused(PollerKind poller)
    {
        using var rig = new DataRig(CarrierOf(poller));
        using IPeer near = rig.Connect();
        rig.Until("connect 0");
        Connection connection = rig.Server.Connections[0];
        DataClient client = NewClient(connection.Owner.Reactor, 1, new DataHandler());
        Assert.Throws<NotConnectedException>(() => connection.RelayTo(client));
    }

    private static Carrier CarrierOf(PollerKind poller) => poller == PollerKind.Epoll ? Carrier.Epoll : Carrier.Pool;

    private static DataClient NewClient(Reactor reactor, int port, DataHandler handler) =>
        new(reactor, new ClientOptions { Host = "127.0.0.1", Port = port }, new RawFormat(), handler) { IsQueued = false };

    /// <summary>A server whose connections are relayed to a client each.</summary>
    private static DataRig RelayTo(PollerKind poller, int port, DataHandler handler) => new(CarrierOf(poller), new DataHandler
    {
        OnData = (connection, data) =>
        {
            DataClient client = NewClient(connection.Owner.Reactor, port, handler);
            _ = client.ConnectAsync(CancellationToken.None);
            connection.RelayTo(client);
        },
    });
}
