namespace TwistedPS.Tests;

public sealed class SubjectsTests
{
    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "A", false)]
    [InlineData("a", "a.b", false)]
    [InlineData("a.b", "a", false)]
    [InlineData("a.*", "a.b", true)]
    [InlineData("a.*", "a.b.c", false)]
    [InlineData("a.*", "a", false)]
    [InlineData("*.c", "b.c", true)]
    [InlineData("a.>", "a", false)]
    [InlineData("a.>", "a.b", true)]
    [InlineData("a.>", "a.b.c", true)]
    [InlineData(">", "a.b", true)]
    [InlineData("*", "*", true)]
    public void A_pattern_matches_word_by_word(string pattern, string subject, bool matches) =>
        Assert.Equal(matches, Subjects.Matches(pattern, subject));

    [Theory]
    [InlineData("orders.new", null, null)]
    [InlineData("orders.*", null, "it has a wildcard")]
    [InlineData("orders.>", null, "it has a wildcard")]
    [InlineData("a..b", "it has an empty word", "it has an empty word")]
    [InlineData(".a", "it has an empty word", "it has an empty word")]
    [InlineData("a b", "it has a blank in it", "it has a blank in it")]
    [InlineData("a\nb", "it has a blank in it", "it has a blank in it")]
    [InlineData(">.a", "> stands for the last words only", "> stands for the last words only")]
    [InlineData("a.b*", "a wildcard is a word of its own", "a wildcard is a word of its own")]
    public void What_is_wrong_is_said(string subject, string? ofPattern, string? ofSubject)
    {
        Assert.Equal(ofPattern, Subjects.WhyInvalidPattern(subject));
        Assert.Equal(ofSubject, Subjects.WhyInvalid(subject));
    }

    [Fact]
    public void Long_subjects_are_refused() => Assert.Contains("longer than 1024", Subjects.WhyInvalid(new string('a', 1025)));
}
