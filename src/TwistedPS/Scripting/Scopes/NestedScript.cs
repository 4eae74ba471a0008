using System.Management.Automation;
using System.Management.Automation.Language;

namespace TwistedPS.Scripting;

/// <summary>A scriptblock that a handler passes to a command, and the owner of its <c>$using:</c> variables.</summary>
/// <param name="script">The scriptblock.</param>
/// <param name="session">The session state in which to look up the command.</param>
internal sealed class NestedScript(ScriptBlockExpressionAst script, SessionState session)
{
    private const CommandTypes WithParameters = CommandTypes.Alias | CommandTypes.Function | CommandTypes.Cmdlet;

    // No metadata says that a command resolves $using:. But a command that runs a scriptblock elsewhere has a parameter for
    // how many to run at once, to run it as a job, or for what to run there first; one that runs it in place needs none of
    // these.
    private static readonly string[] s_signsOfElsewhere = ["ThrottleLimit", "AsJob", "InitializationScript"];

    /// <summary>
    /// Whether the command runs it elsewhere and resolves <c>$using:</c> itself, as Start-Job does and ForEach-Object does not;
    /// null where nobody knows.
    /// </summary>
    public bool? RunsElsewhere()
    {
        CommandElementAst argument = script.Parent as CommandElementAst ?? script;
        if (argument.Parent is not CommandAst call || call.GetCommandName() is not { } name)
            return null;
        try
        {
            return FindCommand(name) is not { } command ? null
                : FindParameters(command, call, argument).Any(parameter => RunsElsewhere(command, parameter)) ? true
                : command is CmdletInfo ? false : null;
        }
        catch (RuntimeException)
        {
            // A command whose parameters can't be read, or that has no such parameter, can't be called either.
            return null;
        }
    }

    /// <summary>Finds a command; a module that is not there under that name may be there under another.</summary>
    private CommandInfo? FindCommand(string name)
    {
        CommandInfo? found = session.InvokeCommand.GetCommand(name, WithParameters)
            ?? session.InvokeCommand.GetCommand(name[(name.LastIndexOf('\\') + 1)..], WithParameters);
        return found is AliasInfo alias ? alias.ResolvedCommand : found;
    }

    /// <summary>Finds the parameter of an argument, or the candidates for an argument without a name.</summary>
    private static IEnumerable<ParameterMetadata> FindParameters(CommandInfo command, CommandAst call, CommandElementAst argument)
    {
        if (argument is CommandParameterAst joined)
            return [command.ResolveParameter(joined.ParameterName)];
        int index = call.CommandElements.IndexOf(argument);
        return call.CommandElements[index - 1] is CommandParameterAst { Argument: null } before
            && command.ResolveParameter(before.ParameterName) is { SwitchParameter: false } named
                ? [named]
                : command.Parameters.Values.Where(parameter => parameter.ParameterSets.Values.Any(set => set.Position >= 0));
    }

    private static bool RunsElsewhere(CommandInfo command, ParameterMetadata parameter)
    {
        if (parameter.ParameterType != typeof(ScriptBlock) && parameter.ParameterType != typeof(ScriptBlock[]))
            return false;
        return command is CmdletInfo cmdlet && cmdlet.ImplementingType.Assembly == typeof(NestedScript).Assembly
            ? !parameter.Attributes.OfType<InPlaceAttribute>().Any()
            : command.ParameterSets.Any(set => Has(set, parameter.Name) && s_signsOfElsewhere.Any(sign => Has(set, sign)));
    }

    private static bool Has(CommandParameterSetInfo set, string parameter) =>
        set.Parameters.Any(candidate => candidate.Name.Equals(parameter, StringComparison.OrdinalIgnoreCase));
}
