using System.Text;
using StackExchange.Redis;
using TwistedPS.Engine.Groups;

namespace TwistedPS.Redis;

/// <summary>A subscription to a subject or a pattern, which the client renews by itself when it has connected again.</summary>
internal sealed class RedisSubscription(IDatabase database, string pattern, string? queue, Action<BackplaneMessage> received)
{
    private readonly ISubscriber _subscriber = database.Multiplexer.GetSubscriber();
    private readonly string? _inbox = queue is null ? null : $"__twistedps:member:{Guid.NewGuid():N}";
    private readonly bool _isLoose = queue is null && Glob.IsLoose(pattern);

    private ChannelMessageQueue? _messages;
    private ChannelMessageQueue? _marker;

    /// <summary>Subscribes. It is in force when the result has completed.</summary>
    public async ValueTask BeginAsync()
    {
        // Without waiting for the answer: what fails now is made up for by the client when it has connected.
        _messages = _subscriber.Subscribe(Channel(), CommandFlags.FireAndForget);
        _messages.OnMessage(Receive);
        if (_isLoose)
            _marker = _subscriber.Subscribe(RedisChannel.Literal($"{Scripts.PatternsOf(pattern)}:{pattern}"), CommandFlags.FireAndForget);
        await _subscriber.PingAsync().ConfigureAwait(false);
        await RegisterAsync().ConfigureAwait(false);
    }

    /// <summary>Says that it is there, where those who publish have to know. A broker that was started anew does not.</summary>
    public async ValueTask RegisterAsync()
    {
        string queues = Scripts.QueuesOf(pattern);
        if (_inbox is not null)
            await database.ScriptEvaluateAsync(Scripts.AddMember, [queues, $"{queues}:{queue}"], [queue, $"{_inbox} {pattern}"]).ConfigureAwait(false);
        if (_isLoose)
            await database.ScriptEvaluateAsync(Scripts.AddPattern, [Scripts.PatternsOf(pattern)], [pattern]).ConfigureAwait(false);
    }

    /// <summary>Unsubscribes.</summary>
    public async ValueTask EndAsync()
    {
        if (_marker is not null)
            await _marker.UnsubscribeAsync().ConfigureAwait(false);
        if (_messages is not null)
            await _messages.UnsubscribeAsync().ConfigureAwait(false);
    }

    private RedisChannel Channel() =>
        _inbox is not null ? RedisChannel.Literal(_inbox)
        : Subjects.IsPattern(pattern) ? RedisChannel.Pattern(Glob.Of(pattern))
        : RedisChannel.Literal(pattern);

    private void Receive(ChannelMessage message)
    {
        ReadOnlyMemory<byte> bytes = message.Message;
        string subject = message.Channel.ToString();
        if (_inbox is not null)
        {
            int end = bytes.Span.IndexOf((byte)'\n');
            subject = Encoding.UTF8.GetString(bytes.Span[..end]);
            bytes = bytes[(end + 1)..];
        }

        if (_isLoose && !Subjects.Matches(pattern, subject))
            return;
        (Payload payload, string? reply) = Envelope.Open(bytes);
        received(new BackplaneMessage(subject, payload, reply));
    }
}
