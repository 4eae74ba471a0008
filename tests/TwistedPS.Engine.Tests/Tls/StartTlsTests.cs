using System.Text;

namespace TwistedPS.Tests;

public sealed class StartTlsTests
{
    [Theory]
    [ClassData(typeof(Carriers))]
    public void What_comes_before_is_plain_and_what_follows_is_encrypted(Carrier carrier)
    {
        using Rig rig = Create(carrier);
        using IPeer plain = rig.Connect();
        plain.Send("one\r\n");
        plain.Expect("one\r\n");
        plain.Send("STARTTLS\r\n");
        plain.Expect("220 ready\r\n");
        using IPeer peer = plain.Encrypt();
        peer.Expect("Now encrypted\r\n");
        peer.Send("two\r\n");
        peer.Expect("two\r\n");
        rig.Do(() => Assert.NotNull(rig.Server.Connections[0].Tls));
        peer.Close();
        rig.Until("disconnect 0: Done");
        Assert.Equal(["start", "connect 0", "line 0: one", "line 0: STARTTLS", "line 0: two", "disconnect 0: Done"], rig.Handler.Events);
        Assert.DoesNotContain(rig.Server.Log, entry => entry.Level > LogLevel.Information);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Plain_text_behind_the_request_is_dropped(Carrier carrier)
    {
        using Rig rig = Create(carrier);
        using IPeer plain = rig.Connect();
        plain.Send("STARTTLS\r\nINJECTED\r\nunfini");
        plain.Expect("220 ready\r\n");
        using IPeer peer = plain.Encrypt();
        peer.Expect("Now encrypted\r\n");
        peer.Send("shed\r\n");
        peer.Expect("shed\r\n");
        Assert.Equal(["STARTTLS", "shed"], rig.Handler.LinesOf(0));
        LogEntry entry = Assert.Single(rig.Server.Log, entry => entry.Level == LogLevel.Warning);
        Assert.Equal("Dropped 16 bytes that had come in plain text before TLS began.", entry.Message);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Plain_text_that_is_still_on_its_way_fails_the_handshake(Carrier carrier)
    {
        using Rig rig = Create(carrier);
        using IPeer plain = rig.Connect();
        plain.Send("STARTTLS\r\n");
        plain.Expect("220 ready\r\n");
        plain.Send("INJECTED\r\n");
        Assert.ThrowsAny<Exception>(() => plain.Encrypt());
        plain.Close();
        rig.Until("disconnect 0: TlsFailed");
        Assert.Equal(["STARTTLS"], rig.Handler.LinesOf(0));
        Assert.Equal(0, rig.Server.ErrorCount);
        Assert.Single(rig.Server.Log, entry => entry.Message.StartsWith("TLS handshake failed: ", StringComparison.Ordinal));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_batch_handler_gets_nothing_of_what_is_behind_the_request(Carrier carrier)
    {
        List<string> seen = [];
        var handler = new BatchHandler
        {
            OnLine = (connection, line) =>
            {
                seen.Add(line);
                if (line == "STARTTLS")
                    Begin(connection);
            },
        };
        using Rig rig = BatchRigs.Serve(carrier, handler, TlsOptions.OnRequest());
        using IPeer plain = rig.Connect();
        plain.Send("one\r\nSTARTTLS\r\nINJECTED\r\nagain\r\n");
        plain.Expect("220 ready\r\n");
        using IPeer peer = plain.Encrypt();
        peer.Send("two\r\n");
        rig.Until(() => seen.Count == 3);
        Assert.Equal(["one", "STARTTLS", "two"], seen);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void It_has_a_time_limit(Carrier carrier)
    {
        using Rig rig = Rig.CreateTimed(carrier, out ManualClock clock, Handler(), TlsOptions.OnRequest());
        using IPeer plain = rig.Connect();
        plain.Send("STARTTLS\r\n");
        plain.Expect("220 ready\r\n");
        rig.Do(() => clock.Advance(TimeSpan.FromSeconds(10)));
        rig.Until("disconnect 0: TlsFailed");
        Assert.Contains(rig.Server.Log, entry => entry.Message == "TLS handshake failed: The TLS handshake has not ended within 10 s.");
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_stop_ends_it(Carrier carrier)
    {
        using Rig rig = Create(carrier);
        using IPeer plain = rig.Connect();
        plain.Send("STARTTLS\r\n");
        plain.Expect("220 ready\r\n");
        rig.Stop();
        Assert.Contains("disconnect 0: ServerStopped", rig.Handler.Events);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void It_begins_once_and_only_where_there_are_settings(Carrier carrier)
    {
        using Rig encrypted = Rig.Create(carrier, Handler(), TlsOptions.Encrypted());
        using IPeer first = encrypted.ConnectTls();
        first.Send("STARTTLS\r\n");
        encrypted.Until(() => encrypted.Server.ErrorCount == 1);
        Assert.Contains("already", encrypted.Server.Errors[0].Message);

        using Rig without = Rig.Create(carrier, Handler());
        using IPeer second = without.Connect();
        second.Send("STARTTLS\r\n");
        without.Until(() => without.Server.ErrorCount == 1);
        Assert.Contains("has no settings for TLS", without.Server.Errors[0].Message);
    }

    [Fact]
    public void A_relay_gets_nothing_of_what_is_behind_the_request()
    {
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                Begin(connection);
                connection.RelayTo(connection.Owner.Connections[0]);
            },
        };
        using var rig = new MemoryRig(handler, TlsOptions.OnRequest());
        using MemoryPeer other = rig.Connect();
        using MemoryPeer plain = rig.Connect();
        plain.Send("STARTTLS\r\nINJECTED\r\n");
        plain.Expect("220 ready\r\n");
        using IPeer peer = plain.Encrypt();
        peer.Send("relayed\r\n");
        other.Expect("relayed\r\n");
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Output_of_others_waits_for_the_handshake(Carrier carrier)
    {
        using Rig rig = Create(carrier);
        using IPeer plain = rig.Connect();
        plain.Send("STARTTLS\r\n");
        plain.Expect("220 ready\r\n");
        rig.Do(() => rig.Server.Broadcast("news", () => rig.Server.Connections));
        using IPeer peer = plain.Encrypt();
        peer.Expect("Now encrypted\r\nnews\r\n");
    }

    private static Rig Create(Carrier carrier) => Rig.Create(carrier, Handler(), TlsOptions.OnRequest());

    private static RecordingHandler Handler() => new()
    {
        OnLine = (connection, line) =>
        {
            if (line != "STARTTLS")
            {
                connection.Send(line);
                return;
            }

            Begin(connection);
            connection.Send("Now encrypted");
        },
    };

    private static void Begin(Connection connection)
    {
        connection.Write(Encoding.ASCII.GetBytes("220 ready\r\n"));
        connection.StartTls();
    }
}
