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
    public void Watch(PSDataStreams streams, PSHost host) => StreamRecords.Watch(streams, record =>
    {
        Log(record);
        if (record is InformationRecord information)
            Show(information, host);
    });

    /// <summary>Logs a record of any stream.</summary>
    public void Log(object record) => StreamRecords.Log(record, Log);

    private void Log(LogLevel level, string message)
    {
        if (reactor.Watch.Current?.Handler.Owner is { } owner)
            owner.LogFromHandler(level, message);
        else
            reactor.ReactorLog.Add(level, message);
    }

    private void Show(InformationRecord record, PSHost host)
    {
        if (reactor.Watch.Current?.Handler.Owner is not (Server or HttpServer) && record.Tags.Contains(HostTag))
            host.UI.WriteLine(record.ToString());
    }
}
