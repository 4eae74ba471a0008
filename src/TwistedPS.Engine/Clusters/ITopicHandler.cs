namespace TwistedPS.Engine.Clusters;

/// <summary>
/// The handler of a topic; the module implements it with a scriptblock. Called on the reactor's thread, never nested.
/// </summary>
internal interface ITopicHandler
{
    /// <param name="message">The message; one that is a request is to be completed.</param>
    void Received(TopicMessage message);
}
