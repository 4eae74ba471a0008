using System.Management.Automation;
using TwistedPS.Scripting;

namespace TwistedPS.Parameters;

/// <summary>Takes live objects of a kind, or finds them in the session by id or by name.</summary>
public abstract class AliveTransformationAttribute<T> : ArgumentTransformationAttribute
    where T : class
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object input = Unwrap(inputData);
        T[] found = input is System.Collections.IEnumerable many and not string
            ? [.. many.Cast<object>().SelectMany(item => Find(Unwrap(item)))]
            : Find(input);
        return found.Length == 1 ? found[0] : found;
    }

    internal abstract string Kind { get; }

    internal abstract IEnumerable<T> Alive(Session session);

    internal abstract bool Matches(T candidate, int? id, WildcardPattern name);

    private static object Unwrap(object item) => item is PSObject wrapped ? wrapped.BaseObject : item;

    private T[] Find(object identity)
    {
        if (identity is T found)
            return [found];
        int? id = LanguagePrimitives.TryConvertTo(identity, out int number) ? number : null;
        var name = new WildcardPattern($"{identity}", WildcardOptions.IgnoreCase);
        T[] matches = Alive(Session.Current).Where(candidate => Matches(candidate, id, name)).ToArray();
        return matches.Length > 0 || WildcardPattern.ContainsWildcardCharacters($"{identity}")
            ? matches
            : throw new ArgumentTransformationMetadataException(Errors.NotFound(Kind, identity).Exception.Message);
    }
}
