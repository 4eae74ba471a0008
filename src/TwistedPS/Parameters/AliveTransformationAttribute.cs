using System.Management.Automation;
using TwistedPS.Scripting;

namespace TwistedPS.Parameters;

/// <summary>Accepts live objects of a type, or finds them in the session by number or by name.</summary>
public abstract class AliveTransformationAttribute<T> : ArgumentTransformationAttribute
    where T : class
{
    private readonly LiveKind<T> _kind;

    private protected AliveTransformationAttribute(LiveKind<T> kind) => _kind = kind;

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object input = Unwrap(inputData);
        T[] found = input is System.Collections.IEnumerable many and not string
            ? [.. many.Cast<object>().SelectMany(item => Find(Unwrap(item)))]
            : Find(input);
        return found.Length == 1 ? found[0] : found;
    }

    private static object Unwrap(object item) => item is PSObject wrapped ? wrapped.BaseObject : item;

    private T[] Find(object identity)
    {
        if (identity is T given)
            return [given];
        T[] found = _kind.Find(Session.Current, identity);
        return found.Length > 0 || WildcardPattern.ContainsWildcardCharacters($"{identity}")
            ? found
            : throw new ArgumentTransformationMetadataException(Errors.NotFound(_kind.Noun, identity).Exception.Message);
    }
}
