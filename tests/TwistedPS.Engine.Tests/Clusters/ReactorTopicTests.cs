namespace TwistedPS.Tests;

public sealed class ReactorTopicTests
{
    private readonly ReactorCluster _cluster = new();

    [Fact]
    public void Its_handler_is_called_on_the_reactor_in_order()
    {
        using var rig = new TimerRig();
        var handler = new RecordingTopicHandler();
        ReactorTopic topic = Start(rig, handler);
        Publish("1", "2");
        Assert.Equal(2, topic.Waiting);
        Assert.Empty(handler.Seen);
        rig.Reactor.Turn();
        Assert.Equal(["1", "2"], handler.Seen);
        Assert.Equal((2L, 0, ReactorTopicStatus.Running), (topic.Messages, topic.Waiting, topic.Status));
        Assert.Equal(("a", "topic a (a)"), (topic.Name, topic.Description));
    }

    [Fact]
    public void An_error_of_its_handler_is_recorded_and_the_next_message_handled()
    {
        using var rig = new TimerRig();
        var handler = new RecordingTopicHandler { OnMessage = message => Fail(message.Payload.Text == "bad") };
        ReactorTopic topic = Start(rig, handler);
        Publish("bad", "good");
        rig.Reactor.Turn();
        Assert.Equal(["bad", "good"], handler.Seen);
        Assert.Equal("OnMessage", Assert.Single(topic.Errors).Handler);
    }

    [Fact]
    public void Messages_beyond_its_limit_are_dropped_and_counted()
    {
        using var rig = new TimerRig();
        var handler = new RecordingTopicHandler();
        ReactorTopic topic = Start(rig, handler, mostWaiting: 2);
        Publish("1", "2", "3", "4");
        rig.Reactor.Turn();
        Publish("5");
        rig.Reactor.Turn();
        Assert.Equal(["1", "2", "5"], handler.Seen);
        Assert.Equal(2, topic.Dropped);
        Assert.Single(topic.Log, entry => entry.Level == LogLevel.Warning);
    }

    [Fact]
    public void A_stop_lets_what_has_arrived_be_handled()
    {
        using var rig = new TimerRig();
        var handler = new RecordingTopicHandler();
        ReactorTopic topic = Start(rig, handler);
        Publish("1");
        topic.EndAsync(TimerRig.Seconds(5));
        rig.Reactor.Turn();
        Publish("2");
        rig.Reactor.Turn();
        Assert.Equal(["1"], handler.Seen);
        Assert.Equal(ReactorTopicStatus.Stopped, topic.Status);
        Assert.Empty(rig.Reactor.Services);
    }

    [Fact]
    public void A_stop_waits_for_replies_that_come_later_within_the_drain_time()
    {
        using var rig = new TimerRig();
        var handler = new RecordingTopicHandler { OnMessage = message => message.Topic.Hold() };
        ReactorTopic replied = Start(rig, handler);
        ReactorTopic late = Start(rig, handler);
        Publish("1");
        rig.Reactor.Turn();
        replied.EndAsync(TimerRig.Seconds(5));
        late.EndAsync(TimerRig.Seconds(5));
        rig.Reactor.Turn();
        Assert.Equal(ReactorTopicStatus.Stopping, replied.Status);
        replied.Release();
        Assert.Equal((ReactorTopicStatus.Stopped, ReactorTopicStatus.Stopping), (replied.Status, late.Status));
        rig.Advance(5);
        Assert.Equal(ReactorTopicStatus.Stopped, late.Status);
    }

    [Fact]
    public void It_ends_with_its_reactor()
    {
        var rig = new TimerRig();
        var handler = new RecordingTopicHandler();
        ReactorTopic topic = Start(rig, handler);
        rig.Dispose();
        Publish("1");
        Assert.Equal(ReactorTopicStatus.Stopped, topic.Status);
        Assert.Equal(0, topic.Waiting);
    }

    private static void Fail(bool condition)
    {
        if (condition)
            throw new InvalidOperationException("bad");
    }

    private ReactorTopic Start(TimerRig rig, RecordingTopicHandler handler, int mostWaiting = 10)
    {
        var topic = new ReactorTopic(rig.Reactor, new ReactorTopicOptions { Subject = "a", MostWaiting = mostWaiting }, handler, _cluster);
        rig.Reactor.Post(topic.Start);
        rig.Reactor.Turn();
        return topic;
    }

    private void Publish(params string[] texts)
    {
        foreach (string text in texts)
            _cluster.Publish("a", Payload.OfText(text));
    }
}
