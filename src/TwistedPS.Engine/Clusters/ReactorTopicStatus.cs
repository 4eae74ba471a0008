namespace TwistedPS;

/// <summary>The state of a topic.</summary>
public enum ReactorTopicStatus
{
    /// <summary>Subscribed.</summary>
    Running,

    /// <summary>No longer subscribed; the handlers of what has arrived are still at work.</summary>
    Stopping,

    /// <summary>At its end.</summary>
    Stopped,
}
