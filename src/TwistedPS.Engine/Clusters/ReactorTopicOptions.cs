namespace TwistedPS.Engine.Clusters;

/// <summary>What a topic is about.</summary>
internal sealed record ReactorTopicOptions
{
    /// <summary>Its name; null for its subject.</summary>
    public string? Name { get; init; }

    /// <summary>The subject, wildcards allowed.</summary>
    public required string Subject { get; init; }

    /// <summary>The queue, each message to which goes to one member; null to get all messages.</summary>
    public string? Queue { get; init; }

    /// <summary>The number of messages that may wait for the handler; further ones are dropped.</summary>
    public int MostWaiting { get; init; } = 100_000;
}
