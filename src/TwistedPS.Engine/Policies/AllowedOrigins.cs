namespace TwistedPS.Engine.Policies;

/// <summary>
/// The origins of the pages whose scripts may connect: that of the web server itself, and those that are listed. Programs
/// that are no browsers name none, and may.
/// </summary>
internal sealed class AllowedOrigins
{
    private const string Any = "*";
    private const string Opaque = "null";

    private readonly HashSet<string> _listed;

    private AllowedOrigins(IEnumerable<string> listed) => _listed = new HashSet<string>(listed, StringComparer.Ordinal);

    /// <summary>That of the web server alone.</summary>
    public static AllowedOrigins Own { get; } = new([]);

    /// <summary>Parses origins such as <c>https://example.org:8443</c>; <c>*</c> is any, and <c>null</c> that of a page without one.</summary>
    /// <exception cref="FormatException">One is no origin.</exception>
    public static AllowedOrigins Parse(IEnumerable<string> origins) => new(origins.Select(
        origin => origin is Any or Opaque ? origin : OriginOf(origin) ?? throw new FormatException($"'{origin}' is no origin.")));

    /// <summary>Determines whether a request is allowed.</summary>
    /// <param name="origin">Its header Origin; null if it has none.</param>
    /// <param name="host">Its header Host.</param>
    public bool Allow(string? origin, string? host) => string.IsNullOrEmpty(origin)
        || _listed.Contains(Any)
        || _listed.Contains(OriginOf(origin) ?? origin)
        || IsOwn(origin, host);

    // Whatever the scheme: the browser may speak TLS with a proxy in front of the server.
    private static bool IsOwn(string origin, string? host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? page)
        && Uri.TryCreate($"{page.Scheme}://{host}", UriKind.Absolute, out Uri? own)
        && (page.Host, page.Port) == (own.Host, own.Port);

    private static string? OriginOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri is { Host.Length: > 0, PathAndQuery: "" or "/", UserInfo: "", Fragment: "" }
            ? uri.GetLeftPart(UriPartial.Authority)
            : null;
}
