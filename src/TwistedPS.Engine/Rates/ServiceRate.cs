using Newtonsoft.Json;

namespace TwistedPS;

/// <summary>
/// What a server, client, timer or process has done within a time, a second, and how long its handlers took. What its kind does
/// not count is null.
/// </summary>
public sealed record ServiceRate
{
    internal ServiceRate(Service service) => Service = service;

    /// <summary>The time of the end, in local time.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>The length of the time.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The server, client, timer or process.</summary>
    [JsonIgnore]
    public Service Service { get; }

    /// <summary>Its name.</summary>
    public string Name => Service.Name;

    /// <summary>The noun of its cmdlets, such as <c>LineServer</c>.</summary>
    public string Kind => Service.NounOf(Service.GetType());

    /// <summary>Its number among those of its kind.</summary>
    public int Id => Service.Id;

    /// <summary>The number of its reactor.</summary>
    public int ReactorId => Service.Reactor.Id;

    /// <summary>Its state at the end of the time.</summary>
    public string Status { get; init; } = "";

    /// <summary>The number of its open connections, or of an HTTP server's requests in progress, at the end of the time.</summary>
    public int? Peers { get; init; }

    /// <summary>The lines, messages, datagrams or requests received a second, the calls of a timer, or the lines of a process.</summary>
    public double InPerSecond { get; init; }

    /// <summary>The lines, messages or datagrams sent a second.</summary>
    public double? OutPerSecond { get; init; }

    /// <summary>The bytes received a second.</summary>
    public double? BytesInPerSecond { get; init; }

    /// <summary>The bytes sent a second.</summary>
    public double? BytesOutPerSecond { get; init; }

    /// <summary>The time of a handler's call that half of them did not exceed; null without a call.</summary>
    public TimeSpan? P50 { get; init; }

    /// <summary>The time that 99 of 100 calls of its handlers did not exceed; null without a call.</summary>
    public TimeSpan? P99 { get; init; }

    /// <summary>The share of the time that its handlers took, from 0 to 1.</summary>
    public double Load { get; init; }

    /// <summary>The share of the time that the thread of its reactor worked, for this and all else on it, from 0 to 1.</summary>
    public double ReactorLoad { get; init; }

    /// <summary>The number of errors that ended its handlers.</summary>
    public long Errors { get; init; }

    /// <summary>Its handlers that were called, the one that took most time first.</summary>
    public HandlerRate[] Handlers { get; init; } = [];

    /// <summary>The same of its handlers since the first look at it.</summary>
    internal HandlerRate[] HandlersSoFar { get; init; } = [];

    /// <summary>Returns the name and the rates of what comes and goes.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name}: {InPerSecond:0.#}/s in, {OutPerSecond ?? 0:0.#}/s out");
}
