using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Waits until HTTP servers have stopped.</summary>
/// <remarks>Outputs each server once its last request is answered. Runs a foreground reactor meanwhile.</remarks>
[Cmdlet(VerbsLifecycle.Wait, "HttpServer", HelpUri = Pages + "Wait-HttpServer.md")]
[OutputType(typeof(HttpServer))]
public sealed class WaitHttpServerCommand : WaitServiceCommand<HttpServer>
{
    /// <summary>The servers, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<HttpServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<HttpServer>))]
    [AllowEmptyCollection]
    public Alive<HttpServer>[] Server { get; set; } = [];

    private protected override Alive<HttpServer>[] Services => Server;

    private protected override string Instead => "Use -OnStop instead.";
}
