using TwistedPS.Engine.Services;

namespace TwistedPS.Engine.Http;

/// <summary>The handlers of an HTTP server by method. Thread-safe.</summary>
internal sealed class HttpCalls
{
    private readonly Dictionary<string, HandlerCall> _byMethod;

    public HttpCalls(HttpServer server, IEnumerable<string> methods)
    {
        _byMethod = methods.ToDictionary(method => method, method => new HandlerCall(server, NameOf(method)));
        if (_byMethod.TryGetValue("GET", out HandlerCall? get))
            _byMethod["HEAD"] = get;
    }

    /// <summary>The methods, as the header Allow lists them.</summary>
    public string Allowed => string.Join(", ", _byMethod.Keys);

    /// <summary>Returns the handler of a request; null if there is none.</summary>
    public HandlerCall? Find(HttpRequest request) =>
        _byMethod.GetValueOrDefault(request.Method) ?? _byMethod.GetValueOrDefault(IHttpHandler.AnyMethod);

    /// <summary>Returns the name of the handler's parameter: Get for GET.</summary>
    private static string NameOf(string method) => $"{method[0]}{method[1..].ToLowerInvariant()}";
}
