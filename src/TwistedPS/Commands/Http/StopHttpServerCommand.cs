using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Stops HTTP servers: unbinds, and waits up to -DrainTime for the requests in progress.</summary>
/// <remarks>
/// The port is free at once. Requests in progress are answered, and after the drain time the rest gets 503. Its WebSockets are
/// closed. Several servers stop together. It outputs nothing; a handler that can't be interrupted is the error StillStopping.
/// </remarks>
[Cmdlet(VerbsLifecycle.Stop, "HttpServer", SupportsShouldProcess = true, HelpUri = Pages + "Stop-HttpServer.md")]
public sealed class StopHttpServerCommand : StopServiceCommand<HttpServer>
{
    /// <summary>The servers, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<HttpServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<HttpServer>))]
    [AllowEmptyCollection]
    public Alive<HttpServer>[] Server { get; set; } = [];

    private protected override Alive<HttpServer>[] Services => Server;
}
