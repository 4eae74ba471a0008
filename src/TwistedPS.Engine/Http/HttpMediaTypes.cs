namespace TwistedPS.Engine.Http;

/// <summary>The media types of answers that name none themselves.</summary>
internal static class HttpMediaTypes
{
    public const string Text = "text/plain; charset=utf-8";
    public const string Json = "application/json; charset=utf-8";
    public const string Xml = "application/xml; charset=utf-8";
    public const string Bytes = "application/octet-stream";

    private static readonly Dictionary<string, string> s_byExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".css"] = "text/css",
        [".csv"] = "text/csv",
        [".gif"] = "image/gif",
        [".htm"] = "text/html",
        [".html"] = "text/html",
        [".ico"] = "image/x-icon",
        [".jpeg"] = "image/jpeg",
        [".jpg"] = "image/jpeg",
        [".js"] = "text/javascript",
        [".json"] = "application/json",
        [".log"] = "text/plain",
        [".md"] = "text/markdown",
        [".mjs"] = "text/javascript",
        [".mp3"] = "audio/mpeg",
        [".mp4"] = "video/mp4",
        [".pdf"] = "application/pdf",
        [".png"] = "image/png",
        [".svg"] = "image/svg+xml",
        [".txt"] = "text/plain",
        [".wasm"] = "application/wasm",
        [".webp"] = "image/webp",
        [".woff2"] = "font/woff2",
        [".xml"] = "application/xml",
        [".zip"] = "application/zip",
    };

    /// <summary>Returns the media type of a file's name; that of bytes if its extension is none of the usual ones.</summary>
    public static string Of(string fileName) => s_byExtension.GetValueOrDefault(Path.GetExtension(fileName), Bytes);
}
