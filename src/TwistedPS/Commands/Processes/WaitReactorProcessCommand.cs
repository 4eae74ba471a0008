using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Waits until processes have ended, with all of their output handled.</summary>
/// <remarks>Outputs each process, with its ExitCode. Runs a foreground reactor meanwhile.</remarks>
[Cmdlet(VerbsLifecycle.Wait, "ReactorProcess", HelpUri = Pages + "Wait-ReactorProcess.md")]
[OutputType(typeof(ReactorProcess))]
public sealed class WaitReactorProcessCommand : WaitServiceCommand<ReactorProcess>
{
    /// <summary>The processes, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<ReactorProcess>]
    [ArgumentCompleter(typeof(ServiceCompleter<ReactorProcess>))]
    [AllowEmptyCollection]
    public Alive<ReactorProcess>[] Process { get; set; } = [];

    private protected override Alive<ReactorProcess>[] Services => Process;

    private protected override string Instead => "Use -OnExit instead.";
}
