using System.Collections.ObjectModel;
using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>A scriptblock given for an event, and how it is called. All but the constructor on the reactor's thread.</summary>
internal sealed class ScriptHandler(Func<ScriptBlock> take, object?[] extraArguments)
{
    private static readonly Collection<PSObject> s_nothing = [];

    private ScriptBlock? _script;

    /// <summary>Brings the script over now, not at its first call.</summary>
    public void Bind() => _script ??= take();

    /// <summary>Runs a script for what it defines in its scope, for example functions.</summary>
    public void Initialize(HandlerScope scope)
    {
        Bind();
        Guard(() =>
        {
            scope.Initialize(_script!, extraArguments);
            return s_nothing;
        });
    }

    /// <summary>Calls the script in a scope of its own and returns its output.</summary>
    /// <param name="variables">What the handler sees besides; <c>$_</c> among them.</param>
    /// <param name="arguments">Its positional arguments; those given with -ArgumentList follow.</param>
    /// <exception cref="ReactorInterruptedException">The pipeline is being stopped.</exception>
    public Collection<PSObject> Invoke(List<PSVariable> variables, params object?[] arguments)
    {
        Bind();
        object?[] all = extraArguments.Length == 0 ? arguments : [.. arguments, .. extraArguments];
        return Guard(() => _script!.InvokeWithContext((Dictionary<string, ScriptBlock>?)null, variables, all));
    }

    private static Collection<PSObject> Guard(Func<Collection<PSObject>> call)
    {
        try
        {
            return call();
        }
        catch (PipelineStoppedException e)
        {
            throw new ReactorInterruptedException(e);
        }
        catch (FlowControlException)
        {
            // break, continue and exit end this call of the handler; the loop around it is the reactor's.
            return s_nothing;
        }
    }
}
