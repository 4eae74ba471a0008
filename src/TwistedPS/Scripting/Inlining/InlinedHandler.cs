using System.Management.Automation;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Scripting.Inlining;

/// <summary>
/// A handler that is called for many messages at the cost of one call. Its script runs in a pipeline that waits for more, since
/// to step it costs a third of a call. On the reactor's thread only.
/// </summary>
/// <param name="script">The inlined script.</param>
/// <param name="reactor">Where it runs.</param>
internal sealed class InlinedHandler(ScriptBlock script, Reactor reactor)
{
    private SteppablePipeline? _pipeline;
    private int _run;

    /// <summary>Runs it for the messages of <paramref name="calls"/>, which tell how far it has come.</summary>
    /// <exception cref="ReactorInterruptedException">The pipeline is being stopped.</exception>
    public void Invoke<TMessage>(InlinedCalls<TMessage> calls)
    {
        bool goesOn = false;
        try
        {
            Pipeline().Process(calls);
            goesOn = true;
        }
        catch (PipelineStoppedException e)
        {
            throw new ReactorInterruptedException(e);
        }
        catch (FlowControlException)
        {
            // A script of some object has left with break or exit, which ends the call, as in a scope of its own.
        }
        finally
        {
            if (!goesOn)
                _pipeline = null;
        }
    }

    /// <summary>A loop that is entered anew may have been called from another scope, which foreground handlers see.</summary>
    private SteppablePipeline Pipeline()
    {
        if (_pipeline is not null && _run == reactor.Loop.Runs)
            return _pipeline;
        _run = reactor.Loop.Runs;
        _pipeline = ScriptBlock.Create("param($script) & $script").GetSteppablePipeline(CommandOrigin.Internal, [script]);
        _pipeline.Begin(expectInput: true);
        return _pipeline;
    }
}
