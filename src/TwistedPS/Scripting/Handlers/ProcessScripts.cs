using System.Management.Automation;
using TwistedPS.Engine.Processes;

namespace TwistedPS.Scripting;

/// <summary>The scriptblocks of a process. Lines without a handler and the output of handlers go to the log.</summary>
internal sealed class ProcessScripts(ReactorHost host, HandlerScope scope) : Scripts(host, scope, "Process"), IProcessHandler
{
    public ScriptHandler? OnOutput { get; init; }

    public ScriptHandler? OnErrorOutput { get; init; }

    public ScriptHandler? OnExit { get; init; }

    public ScriptHandler? OnError { get; init; }

    protected override IEnumerable<ScriptHandler?> All => [OnOutput, OnErrorOutput, OnExit, OnError];

    public void Output(ReactorProcess process, string line)
    {
        if (OnOutput is null)
            process.ReactorLog.Add(LogLevel.Information, line);
        else
            Handle(OnOutput, process, line, process, line);
    }

    public void Error(ReactorProcess process, string line)
    {
        if (OnErrorOutput is null)
            process.ReactorLog.Add(LogLevel.Warning, line);
        else
            Handle(OnErrorOutput, process, line, process, line);
    }

    public void Exited(ReactorProcess process) => Handle(OnExit, process, process, process);

    private void Handle(ScriptHandler? handler, ReactorProcess process, object dollarUnder, params object?[] arguments)
    {
        if (OnError is null)
        {
            Run(handler, process, dollarUnder, arguments);
            return;
        }

        try
        {
            Call(handler, process, dollarUnder, arguments);
        }
        catch (RuntimeException e)
        {
            process.AddError($"{Host.Reactor.Watch.Current?.Handler.Name}", null, e);
            ErrorRecord record = Errors.RecordOf(e);
            Run(OnError, process, record, process, record);
        }
    }
}
