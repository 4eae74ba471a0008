namespace TwistedPS.Tests;

/// <summary>A running TCP server, and peers and clients for it.</summary>
internal sealed class DataRig : IDisposable
{
    private readonly Rig _rig;
    private readonly Carrier _carrier;
    private readonly DataFraming _framing;

    public DataRig(Carrier carrier, DataHandler? handler = null, ServerOptions? options = null, DataFraming? framing = null)
    {
        _carrier = carrier;
        _framing = framing ?? DataFraming.Raw;
        _rig = Rig.Create(carrier);
        Handler = handler ?? new DataHandler();
        Server = new DataServer(_rig.Reactor, (options ?? new()) with { Address = carrier.Address() }, _framing.Format, Handler);
        Do(Server.Start);
    }

    public DataServer Server { get; }

    public DataHandler Handler { get; }

    public IPeer Connect() => _rig.Connect(Server);

    /// <summary>Connects a client on the same reactor.</summary>
    public DataClient ConnectClient(DataHandler? handler = null, bool allowHalfOpen = false)
    {
        var options = new ClientOptions { Host = Server.LocalAddress.Host, Port = Server.Port, AllowHalfOpen = allowHalfOpen };
        var client = new DataClient(_rig.Reactor, options, _framing.Format, handler) { IsQueued = handler is null };
        if (_carrier == Carrier.Memory)
        {
            (Transport near, Transport far) = MemoryPair.Create(_rig.Reactor.Loop);
            Do(() => Server.Serve(near));
            Do(() => client.Use(far));
        }
        else
        {
            Task connecting = client.ConnectAsync(CancellationToken.None);
            Until(() => connecting.IsCompletedSuccessfully);
        }

        return client;
    }

    /// <summary>Receives a number of bytes.</summary>
    public byte[] Receive(DataClient client, int count)
    {
        var received = new List<byte>();
        Until(() =>
        {
            while (client.TryReceive(out byte[] data))
                received.AddRange(data);
            return received.Count >= count;
        });
        return [.. received];
    }

    public void Do(Action work) => _rig.Do(work);

    public void Until(Func<bool> condition) => _rig.Until(condition);

    public void Until(string happened) => Until(() => Handler.Has(happened));

    public void Dispose() => _rig.Dispose();
}
