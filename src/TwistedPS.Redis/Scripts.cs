using StackExchange.Redis;

namespace TwistedPS.Redis;

/// <summary>
/// What Redis is to do in one step. It knows who listens to a channel only by the number, and has no queues, so the nodes keep
/// lists there: for each queue its members, each with a channel of its own, and the patterns whose globs match too much, each
/// with a channel beside it to count those who listen. Who is gone has no listener any more, and is struck off the list when
/// that is noticed. The names begin with two underscores, unlike those of any cluster.
/// </summary>
internal static class Scripts
{
    /// <summary>
    /// Publishes to a subject, and to the next living member of each queue. If nobody has heard it who wants to, it is
    /// answered so.
    /// KEYS: the queues, the patterns. ARGV: the subject, the message, the subject for a reply or nothing, the answer of nobody.
    /// </summary>
    public const string Publish = """
        local subject, message, reply, nobody = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

        local function matches(pattern, word)
            local text = pattern:gsub('%W', '%%%0'):gsub('%%%*', word):gsub('%%>$', '.+')
            return subject:find('^' .. text .. '$') ~= nil
        end

        local heard = redis.call('PUBLISH', subject, message)
        for _, queue in ipairs(redis.call('SMEMBERS', KEYS[1])) do
            local members = KEYS[1] .. ':' .. queue
            for _ = 1, redis.call('LLEN', members) do
                local member = redis.call('RPOPLPUSH', members, members)
                local channel, pattern = member:match('^(%S+) (%S+)$')
                if matches(pattern, '[^.]+') then
                    if redis.call('PUBLISH', channel, subject .. '\n' .. message) > 0 then
                        heard = heard + 1
                        break
                    end
                    redis.call('LREM', members, 0, member)
                end
            end
            if redis.call('EXISTS', members) == 0 then
                redis.call('SREM', KEYS[1], queue)
            end
        end

        if reply ~= '' then
            for _, pattern in ipairs(redis.call('SMEMBERS', KEYS[2])) do
                if matches(pattern, '.+') and not matches(pattern, '[^.]+') then
                    heard = heard - redis.call('PUBSUB', 'NUMSUB', KEYS[2] .. ':' .. pattern)[2]
                end
            end
            if heard <= 0 then
                redis.call('PUBLISH', reply, nobody)
            end
        end
        """;

    /// <summary>
    /// Adds a member to a queue. KEYS: the queues, the members of this one. ARGV: the queue; the member's channel, a blank, its
    /// pattern.
    /// </summary>
    public const string AddMember = """
        for _, member in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do
            if member == ARGV[2] or redis.call('PUBSUB', 'NUMSUB', member:match('^%S+'))[2] == 0 then
                redis.call('LREM', KEYS[2], 0, member)
            end
        end
        redis.call('LPUSH', KEYS[2], ARGV[2])
        redis.call('SADD', KEYS[1], ARGV[1])
        """;

    /// <summary>Adds a pattern. KEYS: the patterns. ARGV: the pattern.</summary>
    public const string AddPattern = """
        for _, pattern in ipairs(redis.call('SMEMBERS', KEYS[1])) do
            if redis.call('PUBSUB', 'NUMSUB', KEYS[1] .. ':' .. pattern)[2] == 0 then
                redis.call('SREM', KEYS[1], pattern)
            end
        end
        redis.call('SADD', KEYS[1], ARGV[1])
        """;

    /// <summary>
    /// Sets a value if it is the expected one, and returns whether it was. KEYS: the value. ARGV: the expected one, the new one;
    /// nothing stands for none.
    /// </summary>
    public const string CompareAndSet = """
        if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then
            return 0
        end
        if ARGV[2] == '' then
            redis.call('DEL', KEYS[1])
        else
            redis.call('SET', KEYS[1], ARGV[2])
        end
        return 1
        """;

    /// <summary>Returns the key of the queues of a cluster, whose subjects all begin with the same word.</summary>
    public static string QueuesOf(string subject) => $"__twistedps:queues:{FirstWord(subject)}";

    /// <summary>Returns the key of the patterns of a cluster.</summary>
    public static string PatternsOf(string subject) => $"__twistedps:patterns:{FirstWord(subject)}";

    /// <summary>Does what takes rights, where nobody notices it: an error says that the user may not, or that Redis can't.</summary>
    public static async Task ProbeAsync(IDatabase database)
    {
        const string Nowhere = "__twistedps";
        await database.ScriptEvaluateAsync(Publish, [QueuesOf(Nowhere), PatternsOf(Nowhere)], [Nowhere, "", "", ""]).ConfigureAwait(false);
        ChannelMessageQueue nothing = await database.Multiplexer.GetSubscriber()
            .SubscribeAsync(RedisChannel.Pattern($"{Nowhere}.*")).ConfigureAwait(false);
        await nothing.UnsubscribeAsync().ConfigureAwait(false);
    }

    private static string FirstWord(string subject) => subject.Split('.', 2)[0];
}
