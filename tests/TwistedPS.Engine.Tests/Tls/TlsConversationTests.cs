using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace TwistedPS.Tests;

public sealed class TlsConversationTests
{
    private static readonly int[] s_segments = [1, 7, 65536];

    public static TheoryData<Carrier, SslProtocols> CarriersAndVersions
    {
        get
        {
            var all = new TheoryData<Carrier, SslProtocols>();
            foreach (Carrier carrier in new Carriers())
            {
                all.Add(carrier, SslProtocols.Tls12);
                all.Add(carrier, SslProtocols.Tls13);
            }

            return all;
        }
    }

    public static TheoryData<int, SslProtocols, bool> SegmentsAndVersions
    {
        get
        {
            var all = new TheoryData<int, SslProtocols, bool>();
            foreach (int segment in s_segments)
            {
                foreach (SslProtocols version in new[] { SslProtocols.Tls12, SslProtocols.Tls13 })
                {
                    all.Add(segment, version, false);
                    all.Add(segment, version, true);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(CarriersAndVersions))]
    public void Lines_go_both_ways(Carrier carrier, SslProtocols version)
    {
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), TlsOptions.Encrypted(TlsOptions.Server(version)));
        using IPeer peer = rig.ConnectTls();
        peer.Send("one\r\ntwo\r\n");
        peer.Expect("one\r\ntwo\r\n");
        peer.Send("three\r\n");
        peer.Expect("three\r\n");
        rig.Do(() => Assert.Equal(version, rig.Server.Connections[0].Tls!.Version));
        peer.Close();
        rig.Until("disconnect 0: Done");
        Assert.Equal(["start", "connect 0", "line 0: one", "line 0: two", "line 0: three", "disconnect 0: Done"], rig.Handler.Events);
        Assert.Equal((17, 17, 0), (rig.Server.BytesIn, rig.Server.BytesOut, rig.Server.ErrorCount));
        Assert.False(rig.Handler.WasNested);
    }

    [Theory]
    [MemberData(nameof(SegmentsAndVersions))]
    public void Segments_may_have_any_size(int segment, SslProtocols version, bool hasClientCertificate)
    {
        SslServerAuthenticationOptions server = TlsOptions.Server(version);
        SslClientAuthenticationOptions client = TlsOptions.Client();
        if (hasClientCertificate)
        {
            server.ClientCertificateRequired = true;
            server.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
            client.ClientCertificates = [Certificates.Client];
        }

        using var rig = new MemoryRig(RecordingHandler.Echo(), TlsOptions.Encrypted(server), largestRead: segment);
        using IPeer peer = rig.ConnectTls(client);
        string text = string.Concat(Enumerable.Range(0, 500).Select(i => $"line {i}\r\n"));
        peer.Send(text);
        peer.Expect(text);
        rig.Do(() => Assert.Equal(
            hasClientCertificate ? Certificates.Client.Thumbprint : null, rig.Server.Connections[0].Tls!.PeerCertificate?.Thumbprint));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Both_agree_on_a_protocol(Carrier carrier)
    {
        SslServerAuthenticationOptions server = TlsOptions.Server();
        server.ApplicationProtocols = [new("second"), new("third")];
        SslClientAuthenticationOptions client = TlsOptions.Client();
        client.ApplicationProtocols = [new("first"), new("second")];
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), TlsOptions.Encrypted(server));
        using IPeer peer = rig.ConnectTls(client);
        rig.Until("connect 0");
        rig.Do(() =>
        {
            TlsDetails details = rig.Server.Connections[0].Tls!;
            Assert.Equal(("second", Certificates.Name), (details.ApplicationProtocol, details.ServerName));
            Assert.Equal(Certificates.Server.Thumbprint, details.Certificate!.Thumbprint);
            Assert.Null(details.PeerCertificate);
            Assert.StartsWith("Tls13 TLS_", details.ToString());
        });
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_server_has_a_certificate_for_each_name(Carrier carrier)
    {
        SslServerAuthenticationOptions other = TlsOptions.Server();
        other.ServerCertificateContext = Certificates.OtherContext;
        var options = new ServerOptions
        {
            Tls = new(TlsOptions.Server()) { ForServerName = name => name == "other.test" ? other : TlsOptions.Server() },
        };
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), options);
        Assert.Equal(Certificates.Other.Thumbprint, CertificateFor("other.test").Thumbprint);
        Assert.Equal(Certificates.Server.Thumbprint, CertificateFor("unknown.test").Thumbprint);

        X509Certificate2 CertificateFor(string name)
        {
            X509Certificate2? seen = null;
            SslClientAuthenticationOptions client = TlsOptions.Client();
            client.TargetHost = name;
            client.RemoteCertificateValidationCallback = (_, certificate, _, _) => (seen = new X509Certificate2(certificate!)) is not null;
            using IPeer peer = rig.ConnectTls(client);
            return seen!;
        }
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void What_OnConnect_outputs_is_encrypted(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, new() { OnConnect = connection => connection.Send("welcome") }, TlsOptions.Encrypted());
        using IPeer peer = rig.ConnectTls();
        peer.Expect("welcome\r\n");
    }
}
