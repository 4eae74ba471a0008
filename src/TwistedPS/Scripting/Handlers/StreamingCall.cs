using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Reflection;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Scripting;

/// <summary>
/// A call of a scriptblock whose output can be seen while it runs. PowerShell's public call hands it over at the end, so this
/// makes the inner call that the public one consists of. Where a version of PowerShell has another one, the output comes at
/// the end.
/// </summary>
internal static class StreamingCall
{
    private const BindingFlags Inner = BindingFlags.Instance | BindingFlags.NonPublic;
    private const int WriteToCurrentErrorPipe = 1;

    private static readonly ConstructorInvoker? s_createPipe;
    private static readonly MethodInvoker? s_invoke;
    private static readonly object? s_errors;

    static StreamingCall()
    {
        Assembly powerShell = typeof(ScriptBlock).Assembly;
        if (powerShell.GetType("System.Management.Automation.Internal.Pipe") is not { } pipe
            || typeof(ScriptBlock).GetNestedType("ErrorHandlingBehavior", Inner | BindingFlags.Static) is not { IsEnum: true } errors
            || pipe.GetConstructor(Inner, [typeof(List<object>)]) is not { } createPipe
            || typeof(ScriptBlock).GetMethod("InvokeWithPipe", Inner, Parameters(pipe, errors)) is not { } invoke)
            return;
        s_createPipe = ConstructorInvoker.Create(createPipe);
        s_invoke = MethodInvoker.Create(invoke);
        s_errors = Enum.ToObject(errors, WriteToCurrentErrorPipe);
    }

    /// <summary>Whether the output can be seen while it runs.</summary>
    public static bool IsPossible => s_invoke is not null;

    /// <summary>Calls a scriptblock in a scope of its own. On the reactor's thread.</summary>
    /// <param name="script">The scriptblock.</param>
    /// <param name="output">Where its output is added.</param>
    /// <param name="dollarUnder">The value of <c>$_</c>.</param>
    /// <param name="variables">The other variables of its scope.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="ReactorInterruptedException">The pipeline is being stopped.</exception>
    public static void Invoke(
        ScriptBlock script, List<object?> output, object? dollarUnder, List<PSVariable> variables, object?[] arguments)
    {
        try
        {
            if (s_invoke is null)
            {
                List<PSVariable> all = [new PSVariable("_", dollarUnder), .. variables];
                output.AddRange(script.InvokeWithContext((Dictionary<string, ScriptBlock>?)null, all, arguments));
                return;
            }

            object none = AutomationNull.Value;
            object? pipe = s_createPipe!.Invoke(output);
            s_invoke.Invoke(script, [true, s_errors, dollarUnder, none, none, pipe, null, false, variables, null, arguments]);
        }
        catch (PipelineStoppedException e)
        {
            throw new ReactorInterruptedException(e);
        }
        catch (FlowControlException)
        {
            // break, continue and exit end this call of the handler; the loop around it is the reactor's.
        }
    }

    private static Type[] Parameters(Type pipe, Type errors) =>
    [
        typeof(bool), errors, typeof(object), typeof(object), typeof(object), pipe, typeof(InvocationInfo), typeof(bool),
        typeof(List<PSVariable>), typeof(Dictionary<string, ScriptBlock>), typeof(object[]),
    ];
}
