using TwistedPS.Redis;

namespace TwistedPS.Tests;

public sealed class RedisGlobTests
{
    [Theory]
    [InlineData("chat.orders.*", "chat.orders.?*", true)]
    [InlineData("chat.*.new", "chat.?*.new", true)]
    [InlineData("chat.>", "chat.*", false)]
    [InlineData("chat.*.>", "chat.?*.*", true)]
    [InlineData("chat.a?[b]^c\\d.>", "chat.a\\?\\[b\\]\\^c\\\\d.*", false)]
    [InlineData("chat.ä-b", "chat.ä-b", false)]
    public void A_pattern_is_one_of_Redis_which_may_match_too_much(string pattern, string glob, bool isLoose)
    {
        Assert.Equal(glob, Glob.Of(pattern));
        Assert.Equal(isLoose, Glob.IsLoose(pattern));
    }
}
