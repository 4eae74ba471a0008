using System.Management.Automation;

namespace TwistedPS.Commands;

/// <summary>Extensions that express cancellation in PowerShell's terms.</summary>
internal static class CancellationExtensions
{
    /// <exception cref="PipelineStoppedException">Ctrl+C was pressed.</exception>
    public static void ThrowIfStopped(this CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested)
            throw new PipelineStoppedException();
    }
}
