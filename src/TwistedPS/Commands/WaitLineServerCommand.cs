using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary><para type="synopsis">Waits until line servers have stopped.</para></summary>
[Cmdlet(VerbsLifecycle.Wait, "LineServer")]
[OutputType(typeof(LineServer))]
public sealed class WaitLineServerCommand : TwistedCommand
{
    /// <summary><para type="description">The servers, or their numbers or names.</para></summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [LineServerTransformation]
    [ArgumentCompleter(typeof(LineServerCompleter))]
    [AllowEmptyCollection]
    public LineServer[] Server { get; set; } = [];

    /// <summary><para type="description">How long to wait for each; without limit by default.</para></summary>
    [Parameter]
    [TimeoutTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (LineServer server in Server)
        {
            bool stopped = server.Stopped.IsCompleted || WaitFor(
                HostOf(server.Reactor), server.Stopped, Timeout, $"Waiting for {server}", "Use -OnStop instead.");
            if (stopped)
                WriteObject(server);
            else
                WriteError(Errors.WaitTimeout(server, Timeout!.Value));
        }
    }
}
