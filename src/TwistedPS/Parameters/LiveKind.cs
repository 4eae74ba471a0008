using System.Management.Automation;
using TwistedPS.Scripting;

namespace TwistedPS.Parameters;

/// <summary>A kind of things that are alive in a session, and how a person names one of them.</summary>
/// <param name="Noun">The noun of its cmdlets.</param>
/// <param name="Alive">Those that are alive.</param>
/// <param name="IdOf">The number of one.</param>
/// <param name="NameOf">The name of one; where it has none, its number.</param>
/// <param name="Describe">What a person sees in a list to choose from.</param>
internal sealed record LiveKind<T>(
    string Noun, Func<Session, IEnumerable<T>> Alive, Func<T, int> IdOf, Func<T, string> NameOf, Func<T, string> Describe)
{
    /// <summary>Those with a number or a name.</summary>
    /// <param name="session">Where they are alive.</param>
    /// <param name="identity">A number, or a name that may have wildcards.</param>
    public T[] Find(Session session, object identity)
    {
        int? id = LanguagePrimitives.TryConvertTo(identity, out int number) ? number : null;
        var name = new WildcardPattern($"{identity}", WildcardOptions.IgnoreCase);
        return [.. Alive(session).Where(candidate => IdOf(candidate) == id || name.IsMatch(NameOf(candidate)))];
    }
}
