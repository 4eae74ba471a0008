using System.Management.Automation;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>The filters of the Get cmdlets, by name and by number.</summary>
internal static class Listing
{
    /// <summary>
    /// Outputs the objects whose names match, or whose number it is, and writes an error for each name without wildcards that
    /// matches none.
    /// </summary>
    public static void WriteByName<T>(this TwistedCommand cmdlet, LiveKind<T> kind, string[] names)
    {
        foreach (string name in names)
        {
            T[] matches = kind.Find(cmdlet.Session, name);
            cmdlet.WriteObject(matches, enumerateCollection: true);
            if (matches.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
                cmdlet.WriteError(Errors.NotFound(kind.Noun, name, kind.WayOut));
        }
    }

    /// <summary>Outputs the objects with the given numbers, and writes an error for each number that matches none.</summary>
    public static void WriteById<T>(this TwistedCommand cmdlet, LiveKind<T> kind, IEnumerable<T> alive, int[] ids)
    {
        T[] candidates = [.. alive];
        foreach (int id in ids)
        {
            T[] matches = [.. candidates.Where(candidate => kind.IdOf(candidate) == id)];
            cmdlet.WriteObject(matches, enumerateCollection: true);
            if (matches.Length == 0)
                cmdlet.WriteError(Errors.NotFound(kind.Noun, id, kind.WayOut));
        }
    }
}
