using System.Management.Automation;
using TwistedPS.Scripting;

namespace TwistedPS.Parameters;

/// <summary>A kind of live objects of a session, and the ways to identify them.</summary>
/// <param name="Noun">The noun of its cmdlets.</param>
/// <param name="Alive">The live objects.</param>
/// <param name="IdOf">The number of an object.</param>
/// <param name="NameOf">The name of an object, or its number if it has no name.</param>
/// <param name="Describe">The description of an object in a list of completions.</param>
internal sealed record LiveKind<T>(
    string Noun, Func<Session, IEnumerable<T>> Alive, Func<T, int> IdOf, Func<T, string> NameOf, Func<T, string> Describe)
{
    /// <summary>The advice for somebody who has given a wrong name; null for that to list those that are alive.</summary>
    public string? WayOut { get; init; }

    /// <summary>Finds the objects with a number or a name.</summary>
    /// <param name="session">The session to search.</param>
    /// <param name="identity">A number, or a name, with wildcards or without; an object itself is found in any case.</param>
    public T[] Find(Session session, object identity)
    {
        if (identity is T itself)
            return [itself];
        long? id = WholeNumber.Of(identity);
        var name = new WildcardPattern($"{identity}", WildcardOptions.IgnoreCase);
        return [.. Alive(session).Where(candidate => IdOf(candidate) == id || name.IsMatch(NameOf(candidate)))];
    }
}
