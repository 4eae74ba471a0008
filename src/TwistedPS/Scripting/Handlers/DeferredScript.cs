using System.Management.Automation;
using TwistedPS.Engine.Deferreds;
using TwistedPS.Engine.Services;

namespace TwistedPS.Scripting;

/// <summary>A scriptblock as a step of a deferred's chain; its output is the next result.</summary>
/// <param name="host">The host on which it runs.</param>
/// <param name="deferred">The deferred of the callback.</param>
/// <param name="handler">The script.</param>
/// <param name="recipient">The recipient of the handler that added it; null at the prompt.</param>
internal sealed class DeferredScript(ReactorHost host, Deferred deferred, ScriptHandler handler, Recipient? recipient)
{
    private readonly HandlerCall _call = new(recipient?.Service, $"A callback of {deferred}");

    public object? Callback(object? result) => Call(result);

    /// <summary>Calls the script with the error; a record that it outputs is an error again (Twisted's <c>Failure</c>).</summary>
    public object? Errback(Exception error)
    {
        ErrorRecord record = Errors.RecordOf(error);
        object? result = Call(record);
        return result is PSObject { BaseObject: ErrorRecord output }
            ? Outcome.Failed(output == record ? error : Errors.ExceptionOf(output))
            : result;
    }

    private object? Call(object? input)
    {
        HandlerWatch watch = host.Reactor.Watch;
        CallContext? outer = watch.Enter(new CallContext(_call));
        recipient?.Hold();
        try
        {
            HandlerRun run = host.Begin(recipient);
            List<object?> output = [];
            handler.Invoke(output, input, [.. recipient?.Variables ?? []], input);
            PSObject?[] items = [.. output.Select(PendingOutput.Wrap)];
            recipient?.Accept([], run.Deferreds.Except(items.Select(item => item?.BaseObject).OfType<Deferred>()));
            return ResultOf(items);
        }
        finally
        {
            watch.Exit(outer);
            recipient?.Release();
        }
    }

    /// <summary>Returns a script's output as one value: null for none, the single object, or an array of objects.</summary>
    public static object? ResultOf(PSObject?[] output) => output switch
    {
        [] => null,
        [{ BaseObject: Deferred deferred }] => deferred,
        [var single] => single,
        _ => output,
    };
}
