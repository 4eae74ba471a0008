using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;

namespace TwistedPS.Scripting.Inlining;

/// <summary>
/// The checks of the parameter that gets the message, such as <c>[ValidateLength()]</c>: those of PowerShell that look at nothing but
/// the argument. Where a version of PowerShell keeps them elsewhere, none is known.
/// </summary>
internal sealed class ArgumentChecks
{
    private const BindingFlags Inner = BindingFlags.Instance | BindingFlags.NonPublic;

    private static readonly string[] s_known =
    [
        "ValidateCount", "ValidateLength", "ValidateNotNull", "ValidateNotNullOrEmpty", "ValidateNotNullOrWhiteSpace", "ValidatePattern",
        "ValidateRange", "ValidateSet",
    ];

    private static readonly Action<ValidateArgumentsAttribute, object?, EngineIntrinsics?> s_validate = typeof(ValidateArgumentsAttribute)
        .GetMethod("Validate", Inner, [typeof(object), typeof(EngineIntrinsics)])!
        .CreateDelegate<Action<ValidateArgumentsAttribute, object?, EngineIntrinsics?>>();

    private static readonly PropertyInfo? s_parameters = typeof(ScriptBlock).GetProperty("RuntimeDefinedParameters", Inner);

    private readonly ValidateArgumentsAttribute[] _checks;

    private ArgumentChecks(ValidateArgumentsAttribute[] checks) => _checks = checks;

    /// <summary>No checks.</summary>
    public static ArgumentChecks None { get; } = new([]);

    /// <summary>Returns whether a type of attribute is such a check.</summary>
    public static bool IsKnown(Type attribute) => s_parameters is not null
        && attribute.Assembly == typeof(ScriptBlock).Assembly
        && s_known.Contains(attribute.Name.Replace(nameof(Attribute), "", StringComparison.Ordinal));

    /// <summary>Returns those of a parameter of a handler.</summary>
    public static ArgumentChecks Of(ScriptBlockAst handler, ParameterAst parameter) => s_parameters!.GetValue(handler.GetScriptBlock())
        is RuntimeDefinedParameterDictionary parameters
            ? new([.. parameters[parameter.Name.VariablePath.UserPath].Attributes.OfType<ValidateArgumentsAttribute>()])
            : None;

    /// <summary>Returns whether an argument, as the parameter would have it, passes all of them.</summary>
    public bool Pass(object? argument)
    {
        try
        {
            foreach (ValidateArgumentsAttribute check in _checks)
                s_validate(check, argument, null);
            return true;
        }
        catch (MetadataException)
        {
            // Whoever calls the handler gets the same error.
            return false;
        }
    }
}
