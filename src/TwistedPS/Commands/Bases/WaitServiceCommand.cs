using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Waits until services of a type have ended, and outputs each.</summary>
/// <typeparam name="T">The type of the services.</typeparam>
public abstract class WaitServiceCommand<T> : TwistedCommand
    where T : Service
{
    /// <summary>The services in the current pipeline input.</summary>
    private protected abstract Alive<T>[] Services { get; }

    /// <summary>The alternative for a handler, which can't wait for what is on its own reactor.</summary>
    private protected abstract string Instead { get; }

    /// <summary>The longest time to wait for each; no limit by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    [Alias("TimeoutSec", "TimeoutSeconds")]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (T service in this.Find(Services))
        {
            if (WaitForEnd(service.CurrentReactor, service.Completion, Timeout, $"Waiting for {service}", Instead))
                WriteObject(service);
            else
                WriteError(Errors.WaitTimeout(service, Timeout!.Value));
        }
    }
}
