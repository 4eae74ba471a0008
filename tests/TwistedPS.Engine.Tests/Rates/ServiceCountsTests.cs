namespace TwistedPS.Tests;

public sealed class ServiceCountsTests
{
    [Fact]
    public void What_begins_anew_counts_from_its_new_beginning()
    {
        var before = new ServiceCounts(10, 10, 1000, 2000, 0);
        var now = new ServiceCounts(12, 13, 30, 50, 1);
        Assert.Equal(new ServiceCounts(2, 3, 30, 50, 1), now.Since(before));
    }

    [Fact]
    public void What_is_not_counted_has_no_difference()
    {
        var before = new ServiceCounts(10, null, null, null, 0);
        Assert.Equal(new ServiceCounts(5, null, null, null, 0), new ServiceCounts(15, null, null, null, 0).Since(before));
    }
}
