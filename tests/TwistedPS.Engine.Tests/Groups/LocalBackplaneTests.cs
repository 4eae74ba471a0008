namespace TwistedPS.Tests;

public sealed class LocalBackplaneTests : IDisposable
{
    private readonly LocalBackplane _backplane = new();
    private readonly List<string> _seen = [];

    public void Dispose() => _backplane.Dispose();

    [Fact]
    public void A_message_goes_to_all_who_have_subscribed_in_order()
    {
        Subscribe("one", "a.b");
        Subscribe("two", "a.*");
        Subscribe("other", "a.c");
        Publish("a.b", "x", "y");
        Assert.Equal(["one a.b x", "two a.b x", "one a.b y", "two a.b y"], _seen);
    }

    [Fact]
    public void The_members_of_a_queue_have_their_turns()
    {
        Subscribe("one", "a", "q");
        Subscribe("two", "*", "q");
        Subscribe("alone", "a", "r");
        Publish("a", "1", "2", "3");
        Assert.Equal(["alone a 1", "alone a 2", "alone a 3", "one a 1", "one a 3", "two a 2"], _seen.Order());
    }

    [Fact]
    public void Who_has_left_gets_nothing_more()
    {
        IDisposable one = Subscribe("one", "a");
        IDisposable two = Subscribe("two", ">");
        one.Dispose();
        one.Dispose();
        Publish("a", "x");
        two.Dispose();
        Publish("a", "y");
        Assert.Equal(["two a x"], _seen);
    }

    [Fact]
    public void A_request_to_nobody_is_answered_so()
    {
        var replies = new List<Payload>();
        _backplane.Subscribe("inbox", null, message => replies.Add(message.Payload));
        _backplane.Publish("a", Payload.OfText("x"), "inbox");
        Assert.Equal(PayloadKind.NoResponder, Assert.Single(replies).Kind);
        Subscribe("one", "a");
        _backplane.Publish("a", Payload.OfText("x"), "inbox");
        Assert.Single(replies);
    }

    private IDisposable Subscribe(string name, string pattern, string? queue = null) =>
        _backplane.Subscribe(pattern, queue, message => _seen.Add($"{name} {message.Subject} {message.Payload.Text}"));

    private void Publish(string subject, params string[] texts)
    {
        foreach (string text in texts)
            _backplane.Publish(subject, Payload.OfText(text));
    }
}
