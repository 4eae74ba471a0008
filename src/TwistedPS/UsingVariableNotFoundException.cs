namespace TwistedPS;

/// <summary>A scriptblock names a <c>$using:</c> variable that the calling session does not have.</summary>
internal sealed class UsingVariableNotFoundException(string name)
    : Exception($"The variable $using:{name} can't be taken over: there is no ${name} here.")
{
    public string Name => name;
}
