using System.Management.Automation;

namespace TwistedPS.Scripting.Inlining;

/// <summary>A handler that is called for many messages at the cost of one call.</summary>
/// <param name="script">The inlined script.</param>
internal sealed class InlinedHandler(ScriptBlock script)
{
    /// <summary>Runs it for the messages of a <see cref="MessageCalls{T}"/>, which tells how far it has come. On the reactor's thread.</summary>
    /// <exception cref="ReactorInterruptedException">The pipeline is being stopped.</exception>
    public void Invoke(object?[] arguments)
    {
        try
        {
            script.InvokeReturnAsIs(arguments);
        }
        catch (PipelineStoppedException e)
        {
            throw new ReactorInterruptedException(e);
        }
        catch (FlowControlException)
        {
            // What a script method of some object leaves with ends the call, as it would in a handler that gets a scope each.
            return;
        }
    }
}
