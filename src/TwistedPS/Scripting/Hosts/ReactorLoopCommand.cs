using System.Management.Automation;
using System.Runtime.ExceptionServices;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Scripting;

/// <summary>
/// The loop: the one long pipeline of a background reactor's runspace. The command exists in that runspace only.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "ReactorLoop")]
internal sealed class ReactorLoopCommand : PSCmdlet
{
    public const string Name = "Invoke-ReactorLoop";

    [Parameter(Mandatory = true)]
    public Reactor? Reactor { get; set; }

    protected override void ProcessRecord() => Guard(() => Reactor!.Run());

    /// <summary>Runs a loop; a stopped handler stops the pipeline, as anywhere in PowerShell.</summary>
    public static bool Guard(Func<bool> loop)
    {
        try
        {
            return loop();
        }
        catch (ReactorInterruptedException e)
        {
            ExceptionDispatchInfo.Capture(e.InnerException!).Throw();
            throw;
        }
    }
}
