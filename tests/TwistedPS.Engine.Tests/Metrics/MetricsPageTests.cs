using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Tests;

[Collection(RunsAlone.Name)]
public sealed class MetricsPageTests : IDisposable
{
    // Of its own, so that no other process takes a port there that was just freed.
    private static readonly IPAddress s_address = IPAddress.Parse("127.0.0.77");

    private readonly HttpClient _client = new() { Timeout = Waiting.Limit };

    public void Dispose() => _client.Dispose();

    [Fact]
    public void It_is_a_page_for_Prometheus()
    {
        using var rig = new SocketRig(PollerKind.Auto);
        MeteredReactors.Add(rig.Reactor);
        using MetricsLease lease = Open();
        using HttpResponseMessage response = _client.Send(new HttpRequestMessage(HttpMethod.Get, Url(lease.Port)));
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", $"{response.Content.Headers.ContentType}");
        Assert.Contains($"twistedps_active_connections{{twistedps_server_kind=\"LineServer\",twistedps_server_name=\"{rig.Server.Name}\"", TextOf(response), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_other_page_says_where_it_is()
    {
        using MetricsLease lease = Open();
        using HttpResponseMessage response = _client.Send(new HttpRequestMessage(HttpMethod.Get, Url(lease.Port, "/")));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("The metrics are at /metrics.\n", TextOf(response));
    }

    [Fact]
    public void It_answers_while_a_handler_holds_its_reactor()
    {
        using var running = new RunningReactor(PollerKind.Auto);
        MeteredReactors.Add(running.Reactor);
        using MetricsLease lease = Open();
        running.Invoke(() => Assert.Contains("twistedps_reactor_busy_time_seconds_total{", Get(lease.Port), StringComparison.Ordinal));
    }

    [Fact]
    public void Times_are_measured_while_it_is_open()
    {
        using MemoryRig before = Rig();
        using MemoryRig later = new(RecordingHandler.Echo(), new ServerOptions { Name = "Later" });
        before.Connect().Send("a\n");
        using (MetricsLease lease = Open())
        {
            MeteredReactors.Add(later.Reactor);
            foreach (MemoryRig rig in new[] { before, later })
            {
                rig.Connect().Send("a\nb\n");
                Assert.Equal(2, rig.Server.Times.Of("OnLine").Times.Count);
            }

            Assert.Contains("twistedps_server_name=\"Later\",twistedps_handler_name=\"OnLine\",le=\"+Inf\"} 2\n", Get(lease.Port), StringComparison.Ordinal);
        }

        before.Connect().Send("a\n");
        Assert.Equal(2, before.Server.Times.Of("OnLine").Times.Count);
    }

    [Fact]
    public void Whoever_wants_it_at_a_port_shares_it()
    {
        MetricsLease first = Open();
        int port = first.Port;
        using (MetricsLease second = Open(port))
        {
            Assert.Equal(port, second.Port);
            first.Dispose();
            first.Dispose();
            Get(port);
        }

        using var free = new TcpListener(s_address, port);
        free.Start();
    }

    [Fact]
    public void Its_port_is_free_for_another_as_soon_as_nobody_wants_it()
    {
        int port = 0;
        for (int i = 0; i < 5; i++)
        {
            using MetricsLease lease = Open(port);
            port = lease.Port;
            Get(port);
        }
    }

    [Fact]
    public void A_port_in_use_is_the_error_that_a_socket_gives()
    {
        using var taken = new TcpListener(s_address, 0);
        taken.Start();
        var error = Assert.Throws<SocketException>(() => Open(((IPEndPoint)taken.LocalEndpoint).Port));
        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
    }

    [Fact]
    public void It_ends_with_a_server()
    {
        using MemoryRig rig = Rig();
        MetricsLease lease = Open();
        lease.EndWith(rig.Server);
        Assert.Equal(lease.Port, rig.Server.MetricsPort);
        Get(lease.Port);
        rig.Stop();
        Assert.Throws<HttpRequestException>(() => Get(lease.Port));
    }

    [Fact]
    public void It_ends_with_a_reactor()
    {
        MetricsLease lease = Open();
        using (MemoryRig rig = Rig())
        {
            lease.EndWith(rig.Reactor);
            Assert.Equal(lease.Port, rig.Reactor.MetricsPort);
            Get(lease.Port);
        }

        Assert.Throws<HttpRequestException>(() => Get(lease.Port));
    }

    private static MemoryRig Rig()
    {
        var rig = new MemoryRig(RecordingHandler.Echo());
        MeteredReactors.Add(rig.Reactor);
        return rig;
    }

    private static MetricsLease Open(int port = 0) => MetricsPages.Open(new HttpServerOptions { EndPoint = new IPEndPoint(s_address, port) });

    private static Uri Url(int port, string path = "/metrics") => new($"http://{s_address}:{port}{path}");

    private static string TextOf(HttpResponseMessage response) => new StreamReader(response.Content.ReadAsStream()).ReadToEnd();

    private string Get(int port)
    {
        using HttpResponseMessage response = _client.Send(new HttpRequestMessage(HttpMethod.Get, Url(port)));
        return TextOf(response.EnsureSuccessStatusCode());
    }
}
