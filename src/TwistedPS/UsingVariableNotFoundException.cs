namespace TwistedPS;

/// <summary>The error of a scriptblock with a <c>$using:</c> variable that does not exist in the calling session.</summary>
internal sealed class UsingVariableNotFoundException(string name)
    : Exception($"The variable $using:{name} can't be resolved: there is no ${name} in this session.")
{
    public string Name => name;
}
