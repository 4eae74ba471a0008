using System.Security.Authentication;

namespace TwistedPS.Tests;

public sealed class TlsClientTests
{
    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_client_talks_to_a_server_of_others(PollerKind poller)
    {
        using var port = new QuietPort();
        port.Open();
        using var rig = new ClientRig(poller);
        LineClient client = NewClient(rig, port.Number);
        Task connecting = client.ConnectAsync(CancellationToken.None);
        using TlsPeer peer = await ServeAsync(port);
        await connecting.Soon();
        await client.Connection!.SendAsync("hello").Soon();
        peer.Expect("hello\r\n");
        peer.Send("welcome\r\n");
        using var limit = new CancellationTokenSource(Waiting.Limit);
        Assert.True(await client.WaitForMessageAsync(limit.Token));
        Assert.True(client.TryReceive(out string line));
        Assert.Equal("welcome", line);
        Assert.Equal(Certificates.Server.Thumbprint, client.Connection!.Tls!.PeerCertificate!.Thumbprint);
        Task leaving = client.DisconnectAsync(Waiting.Limit);
        Assert.Equal("", peer.ReceiveToEnd());
        peer.Close();
        await leaving.Soon();
        Assert.Equal(CloseReason.Done, client.Connection.CloseReason);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task What_is_sent_while_it_connects_is_encrypted_too(PollerKind poller)
    {
        using var port = new QuietPort();
        port.Open();
        using var rig = new ClientRig(poller);
        LineClient client = NewClient(rig, port.Number);
        Task connecting = client.ConnectAsync(CancellationToken.None);
        rig.Do(() => client.Send("early"));
        using TlsPeer peer = await ServeAsync(port);
        peer.Expect("early\r\n");
        await connecting.Soon();
        rig.Do(() => client.Connection!.Abort());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_server_that_it_does_not_trust_is_a_failed_attempt(PollerKind poller)
    {
        using var port = new QuietPort();
        port.Open();
        using var rig = new ClientRig(poller);
        var handler = new RecordingHandler();
        LineClient client = NewClient(rig, port.Number, handler, settings: new(TlsOptions.Client()));
        ((TlsClientSettings)client.TlsSettings!).Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is null;
        Task connecting = client.ConnectAsync(CancellationToken.None);
        Task<TlsPeer> serving = ServeAsync(port);
        AuthenticationException error = await Assert.ThrowsAsync<AuthenticationException>(() => connecting).Soon();
        Assert.Contains("certificate", error.Message);
        Assert.Equal(["connecting", "failed: AuthenticationException"], handler.Events);
        Assert.Equal((ClientStatus.Disconnected, 0), (client.Status, client.ErrorCount));
        (await serving).Dispose();
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_server_of_plain_text_is_a_failed_attempt(PollerKind poller)
    {
        using var port = new QuietPort();
        port.Open();
        using var rig = new ClientRig(poller);
        LineClient client = NewClient(rig, port.Number);
        Task connecting = client.ConnectAsync(CancellationToken.None);
        using SocketPeer peer = await port.AcceptAsync();
        peer.Send("220 welcome to plain text\r\n");
        await Assert.ThrowsAnyAsync<Exception>(() => connecting).Soon();
        Assert.Equal(ClientStatus.Disconnected, client.Status);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_server_that_says_nothing_is_given_up_in_time(PollerKind poller)
    {
        using var silent = new SilentListener(accepts: true);
        using var rig = new ClientRig(poller);
        var settings = new TlsClientSettings(TlsOptions.Client()) { HandshakeTimeout = TimeSpan.FromMilliseconds(20) };
        LineClient client = NewClient(rig, silent.Port, settings: settings);
        TimeoutException error = await Assert.ThrowsAsync<TimeoutException>(() => client.ConnectAsync(CancellationToken.None)).Soon();
        Assert.Equal("The TLS handshake has not ended within 0.02 s.", error.Message);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task It_can_be_given_up_by_hand(PollerKind poller)
    {
        using var port = new QuietPort();
        port.Open();
        using var rig = new ClientRig(poller);
        LineClient client = NewClient(rig, port.Number);
        Task connecting = client.ConnectAsync(CancellationToken.None);
        using SocketPeer peer = await AcceptHelloAsync(port);
        await client.DisconnectAsync(TimeSpan.Zero).Soon();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting).Soon();
        Assert.Equal(ClientStatus.Disconnected, client.Status);
        peer.ReceiveToReset();
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task It_ends_with_its_reactor(PollerKind poller)
    {
        using var port = new QuietPort();
        port.Open();
        using var rig = new ClientRig(poller);
        LineClient client = NewClient(rig, port.Number);
        Task connecting = client.ConnectAsync(CancellationToken.None);
        using SocketPeer peer = await AcceptHelloAsync(port);
        rig.DisposeReactor();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting).Soon();
        peer.ReceiveToReset();
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_failed_handshake_is_tried_again(PollerKind poller)
    {
        using var port = new QuietPort();
        port.Open();
        using var rig = new ClientRig(poller, reconnect: new ReconnectPolicy { Jitter = TimeSpan.Zero });
        LineClient client = NewClient(rig, port.Number, reconnect: new ReconnectPolicy { Jitter = TimeSpan.Zero });
        Task connecting = client.ConnectAsync(CancellationToken.None);
        using (SocketPeer first = await port.AcceptAsync())
            first.Send("plain\r\n");
        await Assert.ThrowsAnyAsync<Exception>(() => connecting).Soon();
        Task<TlsPeer> serving = ServeAsync(port);
        rig.Until(() => client.Status == ClientStatus.Waiting);
        rig.Advance(1);
        rig.Until(() => client.Status == ClientStatus.Connected);
        (await serving).Dispose();
        rig.Do(client.Dispose);
        rig.Do(() => client.Connection!.Abort());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task The_prompt_begins_it_in_mid_stream(PollerKind poller)
    {
        using var port = new QuietPort();
        port.Open();
        using var rig = new ClientRig(poller);
        LineClient client = NewClient(rig, port.Number, settings: new(TlsOptions.Client()) { OnRequest = true });
        Task connecting = client.ConnectAsync(CancellationToken.None);
        SocketPeer plain = await port.AcceptAsync();
        await connecting.Soon();
        await client.Connection!.SendAsync("STARTTLS").Soon();
        plain.Expect("STARTTLS\r\n");
        plain.Send("220 go ahead\r\nINJECTED\r\n");
        rig.Until(() => client.WaitingLines == 2);
        Assert.True(client.TryReceive(out _));
        Task starting = client.StartTlsAsync(null);
        using TlsPeer peer = TlsPeer.Serve(plain, TlsOptions.Server());
        await starting.Soon();
        Assert.NotNull(client.Connection!.Tls);
        peer.Send("encrypted\r\n");
        rig.Until(() => client.WaitingLines == 1);
        Assert.True(client.TryReceive(out string line));
        Assert.Equal("encrypted", line);
        Assert.Contains(client.Log, entry => entry.Message == "Dropped 10 bytes that had come in plain text before TLS began.");
        rig.Do(() => client.Connection!.Abort());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task The_prompt_gets_the_error_of_one_that_fails(PollerKind poller)
    {
        using var port = new QuietPort();
        port.Open();
        using var rig = new ClientRig(poller);
        LineClient client = NewClient(rig, port.Number, settings: new(TlsOptions.Client()) { OnRequest = true });
        await Assert.ThrowsAsync<NotConnectedException>(() => client.StartTlsAsync(null)).Soon();
        Task connecting = client.ConnectAsync(CancellationToken.None);
        using SocketPeer plain = await port.AcceptAsync();
        await connecting.Soon();
        Task starting = client.StartTlsAsync(null);
        plain.ReceiveBytes(5);
        plain.Reset();
        await Assert.ThrowsAnyAsync<Exception>(() => starting).Soon();
        rig.Until(() => client.Status == ClientStatus.Disconnected);
        Assert.Equal(CloseReason.TlsFailed, client.Connection!.CloseReason);
    }

    private static async Task<TlsPeer> ServeAsync(QuietPort port)
    {
        SocketPeer peer = await port.AcceptAsync();
        return await Task.Run(() => TlsPeer.Serve(peer, TlsOptions.Server())).Soon();
    }

    private static async Task<SocketPeer> AcceptHelloAsync(QuietPort port)
    {
        SocketPeer peer = await port.AcceptAsync();
        peer.ReceiveBytes(5);
        return peer;
    }

    private static LineClient NewClient(
        ClientRig rig, int port, RecordingHandler? handler = null, TlsClientSettings? settings = null, ReconnectPolicy? reconnect = null)
    {
        var options = new ClientOptions
        {
            Host = "127.0.0.1",
            Port = port,
            ConnectTimeout = Waiting.Limit,
            Reconnect = reconnect,
            Tls = settings ?? new(TlsOptions.Client()),
        };
        return new LineClient(rig.Reactor, options, new LineFormat(), handler);
    }
}
