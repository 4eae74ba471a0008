using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Newtonsoft.Json;
using TwistedPS.Engine.Http;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Services;

namespace TwistedPS;

/// <summary>
/// An HTTP server (Twisted's <c>Site</c>). Requests are read and answered on the thread pool; handlers run on its reactors.
/// Members may be used from any thread.
/// </summary>
public sealed partial class HttpServer : Service
{
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(5);
    private static int s_lastId;

    private readonly HttpServerOptions _options;
    private readonly HttpWebSockets? _webSockets;
    private readonly SemaphoreSlim _transfers;
    private readonly SemaphoreSlim _handlers;
    private readonly ConcurrentDictionary<object, TaskCompletionSource> _underWay = new();
    private readonly CancellationTokenSource _abort = new();
    private HttpCalls _calls;
    private HttpListener? _listener;
    private DelayedCall? _drained;
    private long _drainedAt = long.MaxValue;
    private int _numbers;
    private long _requests;
    private long _refused;

    internal HttpServer(Reactor reactor, HttpServerOptions options, IHttpHandler handler)
        : base(reactor, options.Name, Interlocked.Increment(ref s_lastId))
    {
        _options = options;
        _transfers = new SemaphoreSlim(options.MaxTransfers);
        _handlers = new SemaphoreSlim(options.MaxRequests);
        _parts = [new HttpPart(reactor, handler)];
        _calls = new HttpCalls(this, Methods);
        if (options.WebSockets is { } webSockets)
            _webSockets = new HttpWebSockets(this, webSockets, FinishStopLater);
    }

    /// <summary>The state of the server.</summary>
    public ServerStatus Status { get; private set; }

    /// <summary>The end point that it listens on; null before the start.</summary>
    [JsonIgnore]
    public IPEndPoint? EndPoint { get; private set; }

    /// <summary>The port that it listens on; the chosen one if 0 was requested.</summary>
    public int Port => EndPoint?.Port ?? 0;

    /// <summary>The port of the page with the metrics of this process that it keeps open; null for none.</summary>
    public int? MetricsPort => MetricsPagePort;

    /// <summary>The number of requests passed to its handlers.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>The number of requests passed to no handler: another method, a body that is too long or ambiguous.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>The number of requests in progress: being read, handled or answered.</summary>
    public int RequestsUnderWay => _underWay.Count;

    /// <summary>The server whose connections its WebSockets are; null if it has none.</summary>
    [JsonIgnore]
    public Server? WebSocketServer => _options.WebSockets?.Server;

    /// <inheritdoc/>
    public override string Description => $"HTTP server {Name} ({EndPoint?.ToString() ?? (_options.IsInMemory ? "memory" : "not bound")})";

    /// <summary>Stops it without waiting.</summary>
    public override void Dispose() => _ = StopAsync(_options.DrainTime);

    /// <summary>Whether it does; what OnStop starts outlives it.</summary>
    internal override bool OwnsWhatItStarts => Status != ServerStatus.Stopped;

    internal IHttpHandler Handler => _parts[0].Handler;

    /// <summary>Binds, calls OnStart, and begins to serve. On the reactor's thread only.</summary>
    /// <exception cref="SocketException">The server can't listen there.</exception>
    internal void Start()
    {
        if (!_options.IsInMemory)
            (_listener, EndPoint) = HttpBinding.Listen(_options.EndPoint, _options.HostName);
        CallContext? outer = Reactor.Watch.Enter(new CallContext(new HandlerCall(this, "OnStart")));
        try
        {
            Handler.Started(this);
            if (Status == ServerStatus.Starting)
                _webSockets?.Start();
        }
        catch
        {
            _listener?.Close();
            Status = ServerStatus.Stopped;
            EndLife();
            throw;
        }
        finally
        {
            Reactor.Watch.Exit(outer);
        }

        if (Status != ServerStatus.Starting)
            return;
        Status = ServerStatus.Running;
        foreach (Reactor reactor in Reactors)
            reactor.Add(this);
        ReactorLog.Add(LogLevel.Information, $"Started on {EndPoint?.ToString() ?? "memory"}");
        if (_listener is { } listener)
            _ = Task.Run(() => AcceptRequestsAsync(listener));
    }

    /// <summary>Unbinds, waits up to <paramref name="drainTime"/> for requests in progress, and calls OnStop.</summary>
    internal Task StopAsync(TimeSpan drainTime)
    {
        // Noted at once, since a handler may hold the reactor: a request still queued behind it is not begun after that
        // time.
        double ticks = Math.Min(drainTime.TotalSeconds * Reactor.TimeProvider.TimestampFrequency, long.MaxValue / 2);
        Volatile.Write(ref _drainedAt, Math.Min(Volatile.Read(ref _drainedAt), Reactor.Now + (long)ticks));
        Reactor.Do(BeginStop);
        return Completion;
    }

    internal override Task EndAsync(TimeSpan drainTime) => StopAsync(drainTime);

    internal override void Abandon()
    {
        Status = ServerStatus.Stopped;
        StopListening();
        _webSockets?.Stop(TimeSpan.Zero);
        Release();
        Reactor.Remove(this);
        EndReactors();
        EndLife();
    }

    private void BeginStop()
    {
        if (Status == ServerStatus.Stopped)
            return;
        bool again = Status == ServerStatus.Stopping;
        Status = ServerStatus.Stopping;

        StopListening();
        _webSockets?.Stop(TimeLeft);
        _drained?.Cancel();
        _drained = Reactor.CallLater(TimeLeft, () => _ = _abort.CancelAsync());

        // In a turn of its own: the caller may be a handler, and handlers are not nested.
        if (!again)
            Reactor.Post(FinishStop);
    }

    private void StopListening()
    {
        if (_listener is { } listener)
            SilentEnd.StopListening(listener);
    }

    private TimeSpan TimeLeft => new(Math.Max(0, Reactor.TimeProvider.GetElapsedTime(Reactor.Now, _drainedAt).Ticks));

    private void FinishStop()
    {
        if (Status != ServerStatus.Stopping || !_underWay.IsEmpty || Array.Exists(_parts, part => part.IsHandling) || _webSockets is { Any: true })
            return;
        Status = ServerStatus.Stopped;
        _drained?.Cancel();
        Release();
        try
        {
            Call(new HandlerCall(this, "OnStop"), null, this, static server => server.Handler.Stopped(server));
        }
        finally
        {
            Reactor.Remove(this);
            ReactorLog.Add(LogLevel.Information, "Stopped");
            Task.WhenAll(ReactorLog.Written, EndReactors()).ContinueWith(_ => EndLife(), TaskScheduler.Default);
        }
    }

    private void FinishStopLater()
    {
        if (Status == ServerStatus.Stopping)
            Reactor.Post(FinishStop);
    }

    // On the pool: there may be many connections to close.
    private void Release() => _ = Task.Run(ReleaseAsync);

    // Requests in progress first, as the listener would close their connections before their status is written.
    private async Task ReleaseAsync()
    {
        await _abort.CancelAsync().ConfigureAwait(false);
        Task ended = Task.WhenAll(_underWay.Values.Select(transfer => transfer.Task));
        await Task.WhenAny(ended, Task.Delay(s_lastWords)).ConfigureAwait(false);
        if (_listener is { } listener)
            SilentEnd.Close(listener);
    }

    private async Task AcceptRequestsAsync(HttpListener listener)
    {
        while (true)
        {
            await _transfers.WaitAsync().ConfigureAwait(false);
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is HttpListenerException or InvalidOperationException)
            {
                if (Status == ServerStatus.Running)
                    ReactorLog.Add(LogLevel.Error, $"No more requests can be accepted: {e.Message}");
                return;
            }

            var transfer = new HttpTransfer(context, _options, this, _abort.Token);
            _underWay[transfer] = new TaskCompletionSource();
            _ = ServeAsync(transfer, context);
        }
    }

    private async Task ServeAsync(HttpTransfer transfer, HttpListenerContext context)
    {
        try
        {
            if (!transfer.IsOpen)
                Interlocked.Increment(ref _refused);
            else if (_webSockets?.Concerns(context.Request) == true)
                await _webSockets.ServeAsync(context, transfer, new HttpRequest(context.Request, NextNumber())).ConfigureAwait(false);
            else
                await transfer.AnswerAsync(new HttpRequest(context.Request, NextNumber()), AskAsync, Note).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            ReactorLog.Add(LogLevel.Error, $"A request could not be served: {e.Message}");
            transfer.Abort(HttpStatusCode.InternalServerError);
        }
        finally
        {
            EndTransfer(transfer);
            _transfers.Release();
        }
    }
}
