namespace TwistedPS.Engine.Http;

/// <summary>
/// The handlers of an HTTP server (Twisted's <c>Resource</c>); the module implements them with scriptblocks.
/// </summary>
internal interface IHttpHandler
{
    /// <summary>The name among the methods of a handler for all others.</summary>
    const string AnyMethod = "Any";

    /// <summary>The methods with a handler, in capitals; GET includes HEAD. Read on any thread.</summary>
    IReadOnlyCollection<string> Methods { get; }

    /// <summary>Called once before the first request (<c>Factory.startFactory</c>); an error ends the start.</summary>
    void Started(HttpServer server);

    /// <summary>
    /// Called once before the first request on a reactor that is not the server's first, on its thread; an error ends the start.
    /// </summary>
    void Prepare()
    {
    }

    /// <summary>
    /// Answers a request (<c>Resource.render</c>) with <see cref="HttpExchange.Complete(HttpBody)"/>, now or later
    /// (<c>NOT_DONE_YET</c>). Called on the reactor's thread, never nested. An exception is answered with 500.
    /// </summary>
    void Handle(HttpExchange exchange);

    /// <summary>Called once after the last request (<c>Factory.stopFactory</c>).</summary>
    void Stopped(HttpServer server);
}
