using TwistedPS.Engine.Addresses;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Inquiries;
using TwistedPS.Engine.Services;

namespace TwistedPS.Cars;

/// <summary>A query of one server for its cars.</summary>
internal static class CarQuery
{
    private static readonly LineFormat s_format = new() { Delimiter = LineDelimiter.Parse("."), DeliversCutOff = true };

    /// <summary>Asks a server, and logs the progress.</summary>
    /// <param name="reactor">The reactor of the connection.</param>
    /// <param name="server">The server.</param>
    /// <param name="timeout">The time limit for connecting and the whole reply together.</param>
    /// <param name="maxReplyLength">The longest reply, in bytes.</param>
    /// <param name="log">The log.</param>
    /// <param name="cancel">Gives up, and drops the connection if there is one.</param>
    public static async Task<Reply> AskAsync(
        Reactor reactor, HostAddress server, TimeSpan timeout, int maxReplyLength, ReactorLog log, CancellationToken cancel)
    {
        var options = new InquiryOptions { Name = "RemoteCars", Format = s_format, MaxReplyLength = maxReplyLength, Timeout = timeout };
        Reply reply = await Inquiry.AskAsync(reactor, server, options, log, cancel).ConfigureAwait(false);
        if (reply.IsWhole)
            log.Add(LogLevel.Information, $"Got cars: {reply.Records.Count} from {server}");
        return reply;
    }
}
