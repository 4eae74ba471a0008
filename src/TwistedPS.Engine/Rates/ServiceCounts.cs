namespace TwistedPS.Engine.Rates;

/// <summary>What has been counted of a service so far; null for what its kind does not count.</summary>
/// <param name="In">The lines, messages, datagrams or requests received, or the calls of a timer.</param>
/// <param name="Out">The lines, messages or datagrams sent.</param>
/// <param name="BytesIn">The bytes received; those that a process has output.</param>
/// <param name="BytesOut">The bytes sent.</param>
/// <param name="Errors">The errors that have ended its handlers.</param>
internal readonly record struct ServiceCounts(long In, long? Out, long? BytesIn, long? BytesOut, long Errors)
{
    public static ServiceCounts Of(Service service) => service switch
    {
        NetworkService it => new(it.MessagesIn, it.MessagesOut, it.BytesIn, it.BytesOut, it.ErrorCount),
        DatagramService it => new(it.DatagramsIn, it.DatagramsOut, it.BytesIn, it.BytesOut, it.ErrorCount),
        ReactorProcess it => new(it.LinesOut + it.LinesError, null, it.BytesOut + it.BytesError, it.BytesIn, it.ErrorCount),
        HttpServer it => new(it.Requests, null, null, null, it.ErrorCount),
        ReactorTimer it => new(it.Calls, null, null, null, it.ErrorCount),
        ReactorTopic it => new(it.Messages, null, null, null, it.ErrorCount),
        _ => new(0, null, null, null, service.ErrorCount),
    };

    /// <summary>Returns what was counted since an earlier moment.</summary>
    public ServiceCounts Since(in ServiceCounts earlier) => new(
        Difference(In, earlier.In),
        Difference(Out, earlier.Out),
        Difference(BytesIn, earlier.BytesIn),
        Difference(BytesOut, earlier.BytesOut),
        Difference(Errors, earlier.Errors));

    // Those of a client's bytes begin anew with each connection.
    private static long Difference(long now, long earlier) => now >= earlier ? now - earlier : now;

    private static long? Difference(long? now, long? earlier) => now is { } count ? Difference(count, earlier ?? 0) : null;
}
