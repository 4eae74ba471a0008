using TwistedPS.Engine.Groups;

namespace TwistedPS.Engine.Clusters;

/// <summary>A message to a topic, from its arrival until it is completed. On the reactor's thread only.</summary>
internal sealed class TopicMessage(ReactorTopic topic, BackplaneMessage message)
{
    public ReactorTopic Topic => topic;

    public string Subject => message.Subject;

    public Payload Payload => message.Payload;

    public bool IsRequest => message.Reply is not null;

    /// <summary>Replies to the request.</summary>
    /// <exception cref="BackplaneException">The broker can't be reached, or the reply is too long.</exception>
    public void Reply(Payload payload) => topic.Cluster.Reply(message, payload);
}
