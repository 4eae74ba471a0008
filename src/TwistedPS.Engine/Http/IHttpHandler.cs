namespace TwistedPS.Engine.Http;

/// <summary>
/// What an HTTP server does with its requests (Twisted's <c>Resource</c>); the module implements it with scriptblocks.
/// </summary>
internal interface IHttpHandler
{
    /// <summary>The methods that it has handlers for, in capitals. HEAD comes with GET. Read on any thread.</summary>
    IReadOnlyCollection<string> Methods { get; }

    /// <summary>Called once before the first request (<c>Factory.startFactory</c>); what it throws ends the start.</summary>
    void Started(HttpServer server);

    /// <summary>
    /// Answers a request (<c>Resource.render</c>) with <see cref="HttpExchange.Complete(string)"/>, now or later
    /// (<c>NOT_DONE_YET</c>). Called on the reactor's thread, never nested. What it throws is answered with 500.
    /// </summary>
    void Handle(HttpExchange exchange);

    /// <summary>Called once after the last request (<c>Factory.stopFactory</c>).</summary>
    void Stopped(HttpServer server);
}
