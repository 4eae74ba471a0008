using System.Management.Automation;
using System.Management.Automation.Host;

namespace TwistedPS.Scripting;

/// <summary>A logger of what handlers write to streams other than their output.</summary>
internal sealed class HandlerStreams(Reactor reactor)
{
    private const string HostTag = "PSHOST";

    /// <summary>
    /// Logs the streams of a background reactor's pipeline. The output of Write-Host is shown as well, except that of
    /// servers, which serve others than the person at the prompt.
    /// </summary>
    public void Watch(PSDataStreams streams, PSHost host)
    {
        Watch(streams.Error);
        Watch(streams.Warning);
        Watch(streams.Verbose);
        Watch(streams.Debug);
        Watch(streams.Information, record => Show(record, host));
        Watch(streams.Progress);
    }

    /// <summary>Logs a record of any stream.</summary>
    public void Log(object record)
    {
        switch (record)
        {
            case ErrorRecord error:
                Log(LogLevel.Error, error.ToString());
                break;
            case WarningRecord warning:
                Log(LogLevel.Warning, warning.Message);
                break;
            case DebugRecord debug:
                Log(LogLevel.Debug, debug.Message);
                break;
            case VerboseRecord or InformationRecord:
                Log(LogLevel.Information, $"{record}");
                break;
        }
    }

    private void Log(LogLevel level, string message)
    {
        if (reactor.Watch.Current?.Handler.Owner is { } owner)
            owner.LogFromHandler(level, message);
        else
            reactor.ReactorLog.Add(level, message);
    }

    private void Watch<T>(PSDataCollection<T> stream, Action<T>? show = null) => stream.DataAdded += (_, _) =>
    {
        foreach (T record in stream.ReadAll())
        {
            Log(record!);
            show?.Invoke(record);
        }
    };

    private void Show(InformationRecord record, PSHost host)
    {
        if (reactor.Watch.Current?.Handler.Owner is not (Server or HttpServer) && record.Tags.Contains(HostTag))
            host.UI.WriteLine(record.ToString());
    }
}
