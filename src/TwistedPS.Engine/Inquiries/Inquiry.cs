using System.Net.Sockets;
using TwistedPS.Engine.Addresses;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Services;
using TwistedPS.Engine.Streams;

namespace TwistedPS.Engine.Inquiries;

/// <summary>A question that a connection to one server asks by itself: what comes is gathered until the server has sent all.</summary>
internal sealed class Inquiry : IClientHandler, IConnectionHandler<string>
{
    private readonly Reactor _reactor;
    private readonly HostAddress _server;
    private readonly InquiryOptions _options;
    private readonly ReactorLog _log;
    private readonly long _start;
    private readonly List<string> _records = [];
    private DelayedCall? _limit;
    private bool _isWhole;

    private Inquiry(Reactor reactor, HostAddress server, InquiryOptions options, ReactorLog log)
    {
        _reactor = reactor;
        _server = server;
        _options = options;
        _log = log;
        _start = reactor.TimeProvider.GetTimestamp();
    }

    /// <summary>Asks a server, and says in a log how it goes.</summary>
    /// <param name="reactor">Where the connection lives.</param>
    /// <param name="server">Whom to ask.</param>
    /// <param name="options">How to ask.</param>
    /// <param name="log">The log.</param>
    /// <param name="cancel">Gives up, and drops the connection if there is one.</param>
    public static async Task<Reply> AskAsync(
        Reactor reactor, HostAddress server, InquiryOptions options, ReactorLog log, CancellationToken cancel)
    {
        log.Add(LogLevel.Information, $"Client init: {server}");
        Reply reply = await new Inquiry(reactor, server, options, log).AskAsync(cancel).ConfigureAwait(false);
        if (!reply.IsWhole)
            log.Add(LogLevel.Warning, $"Failed: {server}: {reply.Error?.Message ?? $"{reply.Reason}"}");
        return reply;
    }

    public void Connecting(Client client)
    {
    }

    public void ConnectFailed(Client client, Exception error)
    {
    }

    public void Connected(Connection connection)
    {
        _log.Add(LogLevel.Information, $"Connection made: {_server}");
        TimeSpan left = _options.Timeout - _reactor.TimeProvider.GetElapsedTime(_start);
        _limit = _reactor.CallLater(left, () => connection.Abort(CloseReason.TimedOut));
    }

    public void Received(Connection connection, string message) => _records.Add(message);

    public void ReadEnded(Connection connection)
    {
        _isWhole = true;
        connection.Close();
    }

    public void Disconnected(Connection connection, CloseReason reason) => _limit?.Cancel();

    private async Task<Reply> AskAsync(CancellationToken cancel)
    {
        // It stays half-open, since only so the server's end can be told from one that somebody here has asked for.
        var options = new ClientOptions
        {
            Name = _options.Name,
            Host = _server.Host,
            Port = _server.Port,
            ConnectTimeout = _options.Timeout,
            AllowHalfOpen = true,
        };
        var client = new LineClient(_reactor, options, _options.Format, this) { IsQueued = false };
        try
        {
            await client.ConnectAsync(cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or TimeoutException or OperationCanceledException)
        {
            return new Reply(_server, [], CloseReason.None, e);
        }

        LineConnection connection = client.Connection!;
        using (cancel.Register(connection.Abort))
            await client.Completion.ConfigureAwait(false);
        return new Reply(_server, _records, _isWhole ? CloseReason.Done : ReasonOf(connection), connection.CloseError);
    }

    private static CloseReason ReasonOf(LineConnection connection) =>
        connection.CloseReason == CloseReason.Done ? CloseReason.Aborted : connection.CloseReason;
}
