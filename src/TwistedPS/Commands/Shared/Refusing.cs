namespace TwistedPS.Commands;

/// <summary>The refusal of parameters that would do nothing.</summary>
internal static class Refusing
{
    /// <summary>Throws if one of some parameters was given.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="parameters">The names of the parameters.</param>
    /// <param name="where">The words for when they do nothing.</param>
    public static void RefuseParameter(this TwistedCommand cmdlet, IEnumerable<string> parameters, string where)
    {
        if (parameters.FirstOrDefault(cmdlet.MyInvocation.BoundParameters.ContainsKey) is { } parameter)
            cmdlet.ThrowTerminatingError(Errors.ParameterWithoutEffect(parameter, where));
    }
}
