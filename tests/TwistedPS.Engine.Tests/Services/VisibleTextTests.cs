namespace TwistedPS.Tests;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("\u001B]0;owned\a", @"\e]0;owned\x07")]
    [InlineData("a\0\r\n", @"a\0\r\n")]
    [InlineData("\u007F\u0085\u009B1m\u009F", @"\x7F\x85\x9B1m\x9F")]
    [InlineData("gpj\u202Eexe", @"gpj\u202Eexe")]
    public void What_would_do_more_than_be_seen_is_an_escape(string text, string visible) => Assert.Equal(visible, VisibleText.Of(text));

    [Theory]
    [InlineData('\u0000', '\u0008')]
    [InlineData('\u000A', '\u001F')]
    [InlineData('\u007F', '\u009F')]
    [InlineData('\u061C', '\u061C')]
    [InlineData('\u200E', '\u200F')]
    [InlineData('\u2028', '\u202E')]
    [InlineData('\u2066', '\u2069')]
    public void Nothing_of_its_kind_is_left_out(char first, char last)
    {
        for (char hidden = first; hidden <= last; hidden++)
            Assert.DoesNotContain(hidden, VisibleText.Of($"a{hidden}b{hidden}"));
    }

    [Theory]
    [InlineData("no.\r\nCheck it.\n", "no. Check it.")]
    [InlineData("a  \n\n\r  b\tc", "a b\tc")]
    [InlineData(" one line ", " one line ")]
    public void The_words_of_an_error_are_on_one_line(string text, string joined) => Assert.Equal(joined, VisibleText.JoinLines(text));

    [Theory]
    [InlineData("")]
    [InlineData("plain \\ text\twith a tab")]
    [InlineData("naïve שלום 日本 \u00A0\u200B\u200D\u202F\u2027\u2065\u206A 😀")]
    public void Everything_else_stays(string text) => Assert.Same(text, VisibleText.Of(text));
}
