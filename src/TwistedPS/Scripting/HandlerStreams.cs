using System.Management.Automation;
using System.Management.Automation.Host;

namespace TwistedPS.Scripting;

/// <summary>
/// Takes what handlers of a background reactor write besides their output to the log of their server or client. What a
/// client's handler writes with Write-Host is shown, since its output is sent and there is no other way to show something.
/// </summary>
internal sealed class HandlerStreams(Reactor reactor, PSHost host)
{
    private const string HostTag = "PSHOST";

    public void Watch(PSDataStreams streams)
    {
        Watch(streams.Error, error => Log(LogLevel.Error, error.ToString()));
        Watch(streams.Warning, warning => Log(LogLevel.Warning, warning.Message));
        Watch(streams.Verbose, verbose => Log(LogLevel.Information, verbose.Message));
        Watch(streams.Debug, debug => Log(LogLevel.Debug, debug.Message));
        Watch(streams.Information, Show);
        Watch(streams.Progress, _ => { });
    }

    private static void Watch<T>(PSDataCollection<T> stream, Action<T> note) => stream.DataAdded += (_, _) =>
    {
        foreach (T record in stream.ReadAll())
            note(record);
    };

    private void Show(InformationRecord record)
    {
        Log(LogLevel.Information, record.ToString());
        if (reactor.Watch.Current?.Owner is LineClient && record.Tags.Contains(HostTag))
            host.UI.WriteLine(record.ToString());
    }

    private void Log(LogLevel level, string message) => reactor.Watch.Current?.Owner.Log.Add(level, message);
}
