using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>What scripts write to streams other than their output, as entries of a log.</summary>
internal static class StreamRecords
{
    /// <summary>Logs what a pipeline writes while it runs; nothing of it is kept.</summary>
    /// <param name="streams">The streams of the pipeline.</param>
    /// <param name="log">Called with each record, on the thread of the pipeline.</param>
    public static void Watch(PSDataStreams streams, Action<object> log)
    {
        Watch(streams.Error, log);
        Watch(streams.Warning, log);
        Watch(streams.Verbose, log);
        Watch(streams.Debug, log);
        Watch(streams.Information, log);
        Watch(streams.Progress, log);
    }

    /// <summary>Logs a record of any stream; progress is nothing for a log.</summary>
    public static void Log(object record, Action<LogLevel, string> log)
    {
        switch (record)
        {
            case ErrorRecord error:
                log(LogLevel.Error, error.ToString());
                break;
            case WarningRecord warning:
                log(LogLevel.Warning, warning.Message);
                break;
            case DebugRecord debug:
                log(LogLevel.Debug, debug.Message);
                break;
            case VerboseRecord or InformationRecord:
                log(LogLevel.Information, $"{record}");
                break;
        }
    }

    private static void Watch<T>(PSDataCollection<T> stream, Action<object> log) => stream.DataAdded += (_, _) =>
    {
        foreach (T record in stream.ReadAll())
            log(record!);
    };
}
