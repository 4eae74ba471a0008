using System.Net.Security;
using System.Security.Authentication;

namespace TwistedPS.Tests;

public sealed class TlsHandshakeFailureTests
{
    [Theory]
    [ClassData(typeof(Carriers))]
    public void Plain_text_is_a_failure(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), TlsOptions.Encrypted());
        using IPeer peer = rig.Connect();
        peer.Send("GET / HTTP/1.0\r\n\r\n");
        peer.ReceiveToEnd();
        peer.Close();
        Assert.Equal("TLS handshake failed: The peer does not speak TLS here.", ExpectFailure(rig));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_version_that_the_server_does_not_speak_gets_an_alert(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), TlsOptions.Encrypted(TlsOptions.Server(SslProtocols.Tls13)));
        AuthenticationException error = Assert.Throws<AuthenticationException>(() => rig.ConnectTls(TlsOptions.Client(SslProtocols.Tls12)));
        Assert.Contains("alert", error.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("TLS handshake failed: TLS says: unsupported protocol.", ExpectFailure(rig));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_client_without_the_certificate_that_it_needs_gets_an_alert(Carrier carrier)
    {
        SslServerAuthenticationOptions server = TlsOptions.Server(SslProtocols.Tls12);
        server.ClientCertificateRequired = true;
        server.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), TlsOptions.Encrypted(server));
        Exception? error = Record.Exception(() =>
        {
            using IPeer peer = rig.ConnectTls();
            peer.ReceiveBytes(1);
        });
        Assert.NotNull(error);
        ExpectFailure(rig);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_client_that_does_not_trust_the_server_goes(Carrier carrier)
    {
        SslClientAuthenticationOptions client = TlsOptions.Client(SslProtocols.Tls12);
        client.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is null;
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), TlsOptions.Encrypted());
        Assert.Throws<AuthenticationException>(() => rig.ConnectTls(client));

        // To the server the handshake has succeeded: a client of .NET looks at the certificate afterwards, and then just goes.
        rig.Until("disconnect 0: Lost");
        Assert.Equal(0, rig.Server.ErrorCount);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_callback_that_throws_fails_the_handshake(Carrier carrier)
    {
        var options = new ServerOptions { Tls = new(TlsOptions.Server()) { ForServerName = _ => throw new FormatException("no such name") } };
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), options);
        Assert.ThrowsAny<Exception>(() => rig.ConnectTls());
        Assert.Contains("no such name", ExpectFailure(rig));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_peer_that_only_looks_is_a_failure(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), TlsOptions.Encrypted());
        rig.Connect().Close();
        ExpectFailure(rig);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_reset_is_a_failure(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), TlsOptions.Encrypted());
        IPeer peer = rig.Connect();
        peer.Send([22, 3, 1, 2, 0]);
        peer.Reset();
        ExpectFailure(rig);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_handshake_has_a_time_limit_of_its_own(Carrier carrier)
    {
        using Rig rig = Rig.CreateTimed(carrier, out ManualClock clock, RecordingHandler.Echo(), TlsOptions.Encrypted());
        using IPeer peer = rig.Connect();
        peer.Send([22, 3, 1, 2, 0]);
        rig.Until(() => rig.Server.TotalConnections == 1);
        rig.Do(() => clock.Advance(TimeSpan.FromSeconds(9)));
        rig.Do(() => { });
        Assert.DoesNotContain(rig.Server.Log, entry => entry.Level == LogLevel.Warning);
        rig.Do(() => clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.Contains("The TLS handshake has not ended within 10 s.", ExpectFailure(rig));
        Assert.ThrowsAny<Exception>(() => peer.ReceiveBytes(1));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void It_counts_towards_the_limit_of_connections(Carrier carrier)
    {
        ServerOptions options = TlsOptions.Encrypted() with { MaxConnections = 1 };
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), options);
        IPeer first = rig.Connect();
        rig.Until(() => rig.Server.TotalConnections == 1);
        using (IPeer second = rig.Connect())
            Assert.Equal("", second.ReceiveToEnd());
        Assert.Equal(1, rig.Server.RefusedConnections);
        first.Reset();
        rig.Until(() => rig.Server.Log.Any(entry => entry.Message.StartsWith("TLS handshake failed", StringComparison.Ordinal)));
        rig.Do(() => { });
        using IPeer third = rig.ConnectTls();
        third.Send("a\r\n");
        third.Expect("a\r\n");
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_stop_ends_it(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), TlsOptions.Encrypted());
        using IPeer peer = rig.Connect();
        rig.Until(() => rig.Server.TotalConnections == 1);
        rig.Stop(TimeSpan.FromMinutes(1));
        Assert.ThrowsAny<Exception>(() => peer.ReceiveBytes(1));
        Assert.Equal(["start", "stop"], rig.Handler.Events);
    }

    /// <summary>Expects that a handshake has failed and left no trace but a line in the log, which it returns.</summary>
    private static string ExpectFailure(Rig rig)
    {
        rig.Until(() => rig.Server.Log.Any(entry => entry.Level == LogLevel.Warning));
        rig.Do(() => { });
        LogEntry entry = Assert.Single(rig.Server.Log, entry => entry.Level > LogLevel.Information);
        Assert.StartsWith("TLS handshake failed: ", entry.Message);
        Assert.Matches(",0,(127.0.0.1|unix|memory)$", entry.Source);
        Assert.Equal((0, 0), (rig.Server.ErrorCount, rig.Server.ConnectionCount));
        Assert.Equal(["start"], rig.Handler.Events);
        return entry.Message;
    }
}
