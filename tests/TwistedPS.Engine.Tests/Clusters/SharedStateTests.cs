using System.Text;

namespace TwistedPS.Tests;

public sealed class SharedStateTests : IDisposable
{
    private readonly LocalBackplane _broker = new();

    public void Dispose() => _broker.Dispose();

    [Fact]
    public async Task A_value_is_null_until_it_is_set_and_when_it_is_removed()
    {
        var cluster = new ReactorCluster();
        SharedState state = cluster.State;
        Assert.Equal("null", await Get(state, "a.b"));
        await state.SetAsync("a.b", Json("[1]"), default);
        Assert.Equal("[1]", await Get(state, "a.b"));
        await state.SetAsync("a.b", Json("null"), default);
        Assert.Equal("null", await Get(state, "a.b"));
        Assert.Null(await cluster.Store.GetAsync("a.b", default));
    }

    [Fact]
    public async Task It_is_set_only_if_it_is_what_is_expected()
    {
        SharedState state = new ReactorCluster().State;
        Assert.False(await state.CompareAndSetAsync("a", Json("1"), Json("2"), default));
        Assert.True(await state.CompareAndSetAsync("a", Json("null"), Json("1"), default));
        Assert.False(await state.CompareAndSetAsync("a", Json("null"), Json("3"), default));
        Assert.True(await state.CompareAndSetAsync("a", Json("1"), Json("2"), default));
        Assert.True(await state.CompareAndSetAsync("a", Json("2"), Json("null"), default));
        Assert.True(await state.CompareAndSetAsync("a", Json("null"), Json("null"), default));
        Assert.Equal("null", await Get(state, "a"));
    }

    [Fact]
    public async Task Of_several_that_expect_the_same_one_sets_it()
    {
        SharedState state = new ReactorCluster().State;
        bool[] won = await Task.WhenAll(Enumerable.Range(1, 4).Select(node => Task.Run(
            () => state.CompareAndSetAsync("leader", Json("null"), Json($"{node}"), default))));
        Assert.Single(won, true);
    }

    [Fact]
    public async Task A_counter_loses_nothing()
    {
        SharedState state = new ReactorCluster().State;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 1000; i++)
                await state.IncrementAsync("n", 2, default);
        })));
        Assert.Equal(7999, await state.IncrementAsync("n", -1, default));
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("\"1\"")]
    [InlineData("[1]")]
    [InlineData("9223372036854775808")]
    public async Task What_is_no_whole_number_is_not_counted(string value)
    {
        SharedState state = new ReactorCluster().State;
        await state.SetAsync("n", Json(value), default);
        await Assert.ThrowsAsync<FormatException>(() => state.IncrementAsync("n", 1, default));
        Assert.Equal(value, await Get(state, "n"));
    }

    [Fact]
    public async Task A_counter_does_not_overflow()
    {
        SharedState state = new ReactorCluster().State;
        await state.SetAsync("n", Json("9223372036854775807"), default);
        await Assert.ThrowsAsync<OverflowException>(() => state.IncrementAsync("n", 1, default));
    }

    [Fact]
    public async Task The_values_are_those_of_the_cluster_that_a_node_is_in()
    {
        var cluster = new ReactorCluster();
        await cluster.State.SetAsync("a", Json("1"), default);
        var backplane = new RecordingBackplane(_broker);
        cluster.Join("chat", backplane);
        Assert.Equal("null", await Get(cluster.State, "a"));
        backplane.Failure = new BackplaneException(BackplaneFault.Disconnected, "lost");
        var error = await Assert.ThrowsAsync<BackplaneException>(() => cluster.State.GetAsync("a", default));
        Assert.Equal("The connection to the broker test is lost.", error.Message);
        cluster.Exit();
        Assert.Equal("1", await Get(cluster.State, "a"));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("a.b_c-d/e=F0", true)]
    [InlineData("", false)]
    [InlineData(".a", false)]
    [InlineData("a.", false)]
    [InlineData("a..b", false)]
    [InlineData("a b", false)]
    [InlineData("ä", false)]
    [InlineData("a*", false)]
    [InlineData("a\n", false)]
    public void A_key_is_words(string key, bool isValid) => Assert.Equal(isValid, SharedState.WhyInvalid(key) is null);

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void A_key_has_200_characters_at_most(int length, bool isValid) =>
        Assert.Equal(isValid, SharedState.WhyInvalid(new string('a', length)) is null);

    private static byte[] Json(string text) => Encoding.UTF8.GetBytes(text);

    private static async Task<string> Get(SharedState state, string key) => Encoding.UTF8.GetString(await state.GetAsync(key, default));
}
