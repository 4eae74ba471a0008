namespace TwistedPS.Tests;

/// <summary>A handler of a topic that notes the texts of the messages.</summary>
internal sealed class RecordingTopicHandler : ITopicHandler
{
    public List<string> Seen { get; } = [];

    public Action<TopicMessage>? OnMessage { get; init; }

    public void Received(TopicMessage message)
    {
        Seen.Add(message.Payload.Text);
        OnMessage?.Invoke(message);
    }
}
