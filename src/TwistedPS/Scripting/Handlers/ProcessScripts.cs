using System.Management.Automation;
using TwistedPS.Engine.Processes;

namespace TwistedPS.Scripting;

/// <summary>The scriptblocks of a process. Lines without a handler, for which it has no bytes, and the output of handlers go to the log.</summary>
internal sealed class ProcessScripts(ReactorHost host, HandlerScope scope) : Scripts(host, scope, "Process"), IProcessHandler
{
    public ScriptHandler? OnOutput { get; init; }

    public ScriptHandler? OnErrorOutput { get; init; }

    public ScriptHandler? OnExit { get; init; }

    public ScriptHandler? OnError { get; init; }

    protected override IEnumerable<ScriptHandler?> All => [OnOutput, OnErrorOutput, OnExit, OnError];

    public void Output(ReactorProcess process, object piece)
    {
        if (OnOutput is null)
            process.ReactorLog.Add(LogLevel.Information, $"{piece}");
        else
            Handle(OnOutput, process, piece, process, piece);
    }

    public void Error(ReactorProcess process, object piece)
    {
        if (OnErrorOutput is null)
            process.ReactorLog.Add(LogLevel.Warning, $"{piece}");
        else
            Handle(OnErrorOutput, process, piece, process, piece);
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
