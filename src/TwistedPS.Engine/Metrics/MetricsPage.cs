using System.Net;
using System.Net.Sockets;
using System.Text;
using TwistedPS.Engine.Http;

namespace TwistedPS.Engine.Metrics;

/// <summary>
/// A page with the metrics of this process for Prometheus. It has a reactor and a thread of its own, so that it answers whatever holds
/// the others.
/// </summary>
internal sealed class MetricsPage : IHttpHandler, IDisposable
{
    private const string Path = "/metrics";

    private static readonly TimeSpan s_drainTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestUnbinding = TimeSpan.FromSeconds(10);

    private readonly Reactor _reactor = new();
    private readonly HttpServer _server;
    private readonly IDisposable _watch;

    /// <param name="options">Where it listens.</param>
    /// <exception cref="SocketException">It can't listen there.</exception>
    public MetricsPage(HttpServerOptions options)
    {
        _server = new HttpServer(_reactor, options, this);
        new Thread(Run) { IsBackground = true, Name = "TwistedPS metrics" }.Start();
        try
        {
            Do(_server.Start).GetAwaiter().GetResult();
        }
        catch
        {
            _reactor.Stop();
            throw;
        }

        _watch = MeteredReactors.Watch();
    }

    /// <summary>The end point that it listens on.</summary>
    public IPEndPoint EndPoint => _server.EndPoint!;

    /// <summary>The number of those who want it open.</summary>
    public int Users { get; set; }

    IReadOnlyCollection<string> IHttpHandler.Methods { get; } = ["GET"];

    /// <summary>Frees its port, and ends it once the requests in progress are answered.</summary>
    public void Dispose()
    {
        _watch.Dispose();
        Do(_server.Dispose).Wait(s_longestUnbinding);
        _server.EndAsync(s_drainTime).ContinueWith(_ => _reactor.Stop(), TaskScheduler.Default);
    }

    void IHttpHandler.Started(HttpServer server)
    {
    }

    void IHttpHandler.Handle(HttpExchange exchange)
    {
        if (exchange.Request.Path == Path)
        {
            exchange.Complete(new HttpBody(PrometheusText.MediaType, new MemoryStream(Encoding.UTF8.GetBytes(PrometheusText.OfProcess()))));
            return;
        }

        exchange.Response.StatusCode = (int)HttpStatusCode.NotFound;
        exchange.Complete($"The metrics are at {Path}.\n");
    }

    void IHttpHandler.Stopped(HttpServer server)
    {
    }

    private Task<bool> Do(Action work) => _reactor.InvokeAsync(() =>
    {
        work();
        return true;
    });

    private void Run()
    {
        while (!_reactor.IsStopped)
            _reactor.Run();
        _reactor.Dispose();
    }
}
