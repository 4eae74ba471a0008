using System.Buffers;
using System.Globalization;
using System.Security.Authentication;
using System.Text;

namespace TwistedPS.Tests;

/// <summary>
/// Connections in memory whose records of TLS something is done to. Nobody ever sees anything but a beginning of what the other
/// has sent, nothing hangs, and the server goes on. TLS_FUZZ_ROUNDS says how many there are.
/// </summary>
public sealed class TlsFuzzTests : IDisposable
{
    private const int Lines = 20;

    private static readonly int s_rounds =
        int.Parse(Environment.GetEnvironmentVariable("TLS_FUZZ_ROUNDS") ?? "400", CultureInfo.InvariantCulture);

    private static readonly int[] s_largestReads = [1, 2, 5, 7, 100, 1000, 65536];
    private static readonly SslProtocols[] s_versions = [SslProtocols.Tls12, SslProtocols.Tls13];

    private readonly MemoryRig _rig = new(RecordingHandler.Echo(), TlsOptions.Encrypted() with { MaxConnections = 1 });

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void What_is_done_to_records_is_noticed_and_nothing_hangs()
    {
        for (int seed = 0; seed < s_rounds; seed++)
            Tamper(seed);
        Assert.Equal((0, 0), (_rig.Server.RefusedConnections, _rig.Server.ErrorCount));
    }

    [Fact]
    public void Anything_but_TLS_is_a_failed_handshake()
    {
        for (int seed = 0; seed < s_rounds; seed++)
            SendNoise(seed);
        Assert.Equal((0, 0), (_rig.Server.RefusedConnections, _rig.Server.ErrorCount));
        Assert.Equal(["start"], _rig.Handler.Events);
    }

    private void Tamper(int seed)
    {
        var random = new Random(seed);
        var tampering = (Tampering)random.Next(Enum.GetValues<Tampering>().Length);
        bool toServer = random.Next(2) == 0;
        var there = new TamperingWire(random, toServer ? tampering : Tampering.None, random.Next(8));
        var back = new TamperingWire(random, toServer ? Tampering.None : tampering, random.Next(8));
        var handler = RecordingHandler.Echo();
        _rig.Do(() => _rig.Server.Replace(handler));
        (Transport client, Transport nearClient) = NewPair(random);
        (Transport server, Transport nearServer) = NewPair(random);
        (there.To, back.To) = (nearServer, nearClient);
        nearClient.Start(there);
        nearServer.Start(back);
        int number = _rig.Server.TotalConnections;
        _rig.Do(() => _rig.Server.Serve(server));

        var protocol = new RecordingProtocol();
        string[] lines = [.. Enumerable.Range(0, Lines).Select(i => $"{i} {new string('x', random.Next(200))}")];
        string text = string.Concat(lines.Select(line => line + "\r\n"));
        client.Start(protocol);
        TlsHandshake.Begin(client, new TlsClientSettings(TlsOptions.Client(s_versions[random.Next(2)])), _ => { });
        for (int i = 0; i < Lines; i++)
        {
            byte[] line = Encoding.UTF8.GetBytes(lines[i] + "\r\n");
            _rig.Do(() => client.Output?.Write(line));
            _rig.Reactor.Loop.RunUntilIdle();
        }

        string[] received = handler.LinesOf(number);
        bool isWhole = received.SequenceEqual(lines) && protocol.Text == text;
        string what = $"Seed {seed}: {tampering}, {received.Length} lines there, {protocol.Text.Length} of {text.Length} bytes back.";
        Assert.True(lines.Take(received.Length).SequenceEqual(received) && text.StartsWith(protocol.Text, StringComparison.Ordinal), what);
        Assert.True(isWhole || there.HasTampered || back.HasTampered, what);

        // Whoever waits gives up in time, if the peer goes.
        client.Abort(CloseReason.Aborted);
        _rig.Advance(11);
        _rig.Reactor.Loop.RunUntilIdle();
        Assert.True(_rig.Server.ConnectionCount == 0 && protocol.IsLost, what);
    }

    private void SendNoise(int seed)
    {
        var random = new Random(seed);
        (Transport client, Transport server) = NewPair(random);
        _rig.Do(() => _rig.Server.Serve(server));
        var protocol = new RecordingProtocol();
        client.Start(protocol);
        _rig.Do(() => client.Output!.Write(Noise(random)));
        _rig.Reactor.Loop.RunUntilIdle();
        _rig.Advance(11);
        _rig.Advance(11);
        Assert.True(protocol.IsLost || protocol.HasEnded, $"Seed {seed} hangs.");
        client.Abort(CloseReason.Aborted);
        _rig.Reactor.Loop.RunUntilIdle();
    }

    private static byte[] Noise(Random random)
    {
        var noise = new byte[1 + random.Next(300)];
        random.NextBytes(noise);
        if (random.Next(2) == 0)
            noise = Encoding.ASCII.GetBytes("EHLO " + Convert.ToHexString(noise) + "\r\n");
        else if (noise.Length > 6 && random.Next(2) == 0)
            (noise[0], noise[1], noise[2], noise[3], noise[5]) = (22, 3, (byte)random.Next(5), 0, (byte)random.Next(3));
        return noise;
    }

    private (Transport Near, Transport Far) NewPair(Random random) =>
        MemoryPair.Create(_rig.Reactor.Loop, s_largestReads[random.Next(s_largestReads.Length)]);
}
