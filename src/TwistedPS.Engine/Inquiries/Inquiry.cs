using System.Net.Sockets;
using TwistedPS.Engine.Addresses;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Services;
using TwistedPS.Engine.Streams;

namespace TwistedPS.Engine.Inquiries;

/// <summary>A query to one server: connects, and collects the reply until the server has sent it all.</summary>
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

    /// <summary>Queries a server, and logs the progress.</summary>
    /// <param name="reactor">The reactor of the connection.</param>
    /// <param name="server">The server.</param>
    /// <param name="options">The options of the query.</param>
    /// <param name="log">The log.</param>
    /// <param name="cancel">Cancels the query, and drops the connection if there is one.</param>
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

    public void Received(Connection connection, string message)
    {
        _records.Add(message);
        if (connection.BytesIn > _options.MaxReplyLength)
            connection.Abort(CloseReason.MessageTooLong);
    }

    public void ReadEnded(Connection connection)
    {
        _isWhole = connection.CloseReason == CloseReason.None;
        connection.Close();
    }

    public void Disconnected(Connection connection, CloseReason reason) => _limit?.Cancel();

    private async Task<Reply> AskAsync(CancellationToken cancel)
    {
        // It stays half-open, since only then can the server's end be told from one requested on this side.
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
