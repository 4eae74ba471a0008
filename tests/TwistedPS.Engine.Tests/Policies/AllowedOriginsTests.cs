namespace TwistedPS.Tests;

public sealed class AllowedOriginsTests
{
    [Theory]
    [InlineData(null, "localhost:8080", true)]
    [InlineData("", "localhost:8080", true)]
    [InlineData("http://localhost:8080", "localhost:8080", true)]
    [InlineData("http://LOCALHOST:8080", "Localhost:8080", true)]
    [InlineData("http://localhost:8081", "localhost:8080", false)]
    [InlineData("http://127.0.0.1:8080", "localhost:8080", false)]
    [InlineData("https://chat.example.org", "chat.example.org", true)]
    [InlineData("https://chat.example.org", "chat.example.org:443", true)]
    [InlineData("http://chat.example.org", "chat.example.org", true)]
    [InlineData("https://chat.example.org", "chat.example.org:80", false)]
    [InlineData("https://example.org", "chat.example.org", false)]
    [InlineData("https://chat.example.org.evil", "chat.example.org", false)]
    [InlineData("null", "localhost:8080", false)]
    [InlineData("nonsense", "localhost:8080", false)]
    [InlineData("http://localhost:8080", null, false)]
    public void A_page_of_the_server_itself_is_allowed_and_no_other(string? origin, string? host, bool allowed) =>
        Assert.Equal(allowed, AllowedOrigins.Own.Allow(origin, host));

    [Theory]
    [InlineData("https://example.org", "https://example.org", true)]
    [InlineData("https://example.org:443/", "https://example.org", true)]
    [InlineData("HTTPS://Example.org", "https://example.org", true)]
    [InlineData("https://example.org", "http://example.org", false)]
    [InlineData("https://example.org", "https://example.org:444", false)]
    [InlineData("https://example.org", "https://a.example.org", false)]
    [InlineData("null", "null", true)]
    [InlineData("https://example.org", "null", false)]
    [InlineData("*", "null", true)]
    [InlineData("*", "https://anything.example", true)]
    public void Others_are_allowed_by_a_list(string listed, string origin, bool allowed)
    {
        AllowedOrigins origins = AllowedOrigins.Parse(["http://a.example", listed]);
        Assert.Equal(allowed, origins.Allow(origin, "localhost:8080"));
        Assert.True(origins.Allow("http://localhost:8080", "localhost:8080"));
    }

    [Theory]
    [InlineData("example.org")]
    [InlineData("https://")]
    [InlineData("https://example.org/path")]
    [InlineData("https://user@example.org")]
    [InlineData("https://*.example.org")]
    [InlineData("")]
    public void What_is_no_origin_is_refused(string text) => Assert.Throws<FormatException>(() => AllowedOrigins.Parse([text]));
}
