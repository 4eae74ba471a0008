using System.Management.Automation;
using TwistedPS.Engine.Http;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>The handlers of a web server.</summary>
internal interface IHttpParameters
{
    ScriptBlock? Get { get; }

    ScriptBlock? Post { get; }

    ScriptBlock? Put { get; }

    ScriptBlock? Patch { get; }

    ScriptBlock? Delete { get; }

    ScriptBlock? Options { get; }

    ScriptBlock? Any { get; }

    ScriptBlock? OnStart { get; }

    ScriptBlock? OnStop { get; }

    ScriptBlock? OnError { get; }

    /// <summary>Whether there is one for requests.</summary>
    bool HasHandlers => Array.Exists(Handlers, handler => handler.Script is not null);

    private (string Method, ScriptBlock? Script)[] Handlers =>
    [
        ("GET", Get), ("POST", Post), ("PUT", Put), ("PATCH", Patch), ("DELETE", Delete), ("OPTIONS", Options),
        (IHttpHandler.AnyMethod, Any),
    ];

    /// <summary>Captures all of them for a reactor.</summary>
    HttpScripts CaptureHandlers(ServiceStarter starter, ReactorHost host, HandlerScope scope) => new(host, scope)
    {
        Initialization = starter.CaptureInitialization(scope),
        OnStart = starter.Capture(scope, OnStart),
        OnRequest = Handlers
            .Where(handler => handler.Script is not null)
            .ToDictionary(handler => handler.Method, handler => starter.Capture(scope, handler.Script)!, StringComparer.OrdinalIgnoreCase),
        OnError = starter.Capture(scope, OnError),
        OnStop = starter.Capture(scope, OnStop),
    };
}
