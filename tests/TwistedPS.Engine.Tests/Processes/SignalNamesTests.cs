namespace TwistedPS.Tests;

public class SignalNamesTests
{
    [UnixFact]
    public void Every_number_has_a_name_of_its_own_and_the_name_has_that_number()
    {
        // The two below the real-time signals are kept by the C library for itself.
        foreach (int number in Enumerable.Range(1, 64).Except([32, 33]))
        {
            string name = $"{new ProcessSignal(number)}";
            Assert.StartsWith("SIG", name);
            Assert.Equal(number, ProcessSignal.Parse(name).Number);
            Assert.Equal(number, ProcessSignal.Parse(name[3..].ToLowerInvariant()).Number);
            Assert.Equal(number, ProcessSignal.Parse($"{number}").Number);
        }
    }

    [Theory]
    [InlineData("RTMIN", 34)]
    [InlineData("SIGRTMIN+0", 34)]
    [InlineData("rtmin+30", 64)]
    [InlineData("RTMAX-0", 64)]
    [InlineData("SIGRTMAX-30", 34)]
    public void A_real_time_signal_is_counted_from_either_end(string name, int number)
    {
        if (OperatingSystem.IsLinux())
            Assert.Equal(number, ProcessSignal.Parse(name).Number);
    }

    [Theory]
    [InlineData("RTMIN+31")]
    [InlineData("RTMAX-31")]
    [InlineData("RTMIN-1")]
    [InlineData("RTMAX+1")]
    [InlineData("RTMIN+")]
    [InlineData("RTMIN+ 1")]
    [InlineData("RTMIN+-1")]
    [InlineData("RTMINX")]
    [InlineData("RTM")]
    public void What_only_looks_like_one_is_refused(string name) => Assert.Throws<FormatException>(() => ProcessSignal.Parse(name));
}
