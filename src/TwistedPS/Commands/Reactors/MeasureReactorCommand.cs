using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Measures how fast all that is alive is, for a second or another time.</summary>
/// <remarks>
/// The output is an object for each server, client, timer and process: lines and bytes a second, the times of its handlers, its
/// load and that of its reactor.
/// </remarks>
[Cmdlet(VerbsDiagnostic.Measure, "Reactor", HelpUri = Pages + "Measure-Reactor.md")]
[OutputType(typeof(ServiceRate))]
public sealed class MeasureReactorCommand : RateCommand
{
    /// <summary>The time to measure; one second by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    public TimeSpan Duration { get; set; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        RequireTime(Duration, nameof(Duration));
        if (!HasTargets)
            return;
        Look();
        this.Pause(Reactors, Duration);
        WriteObject(Look().Services, enumerateCollection: true);
    }
}
