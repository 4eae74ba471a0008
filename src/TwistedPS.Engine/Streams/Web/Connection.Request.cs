namespace TwistedPS;

// What a connection that began as a WebSocket has besides.
public abstract partial class Connection
{
    /// <summary>The request that has opened its WebSocket: path, query, headers. Null for any other connection.</summary>
    public HttpRequest? Request { get; internal set; }
}
