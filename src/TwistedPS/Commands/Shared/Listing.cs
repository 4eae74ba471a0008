using System.Management.Automation;

namespace TwistedPS.Commands;

/// <summary>How the Get cmdlets choose among what is alive.</summary>
internal static class Listing
{
    public static void WriteByName<T>(
        this Cmdlet cmdlet, IEnumerable<T> alive, string[] names, Func<T, string> nameOf, string kind)
    {
        T[] candidates = [.. alive];
        foreach (string name in names)
        {
            var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
            T[] matches = [.. candidates.Where(candidate => pattern.IsMatch(nameOf(candidate)))];
            cmdlet.WriteObject(matches, enumerateCollection: true);
            if (matches.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
                cmdlet.WriteError(Errors.NotFound(kind, name));
        }
    }

    public static void WriteById<T>(this Cmdlet cmdlet, IEnumerable<T> alive, int[] ids, Func<T, int> idOf, string kind)
    {
        T[] candidates = [.. alive];
        foreach (int id in ids)
        {
            T[] matches = [.. candidates.Where(candidate => idOf(candidate) == id)];
            cmdlet.WriteObject(matches, enumerateCollection: true);
            if (matches.Length == 0)
                cmdlet.WriteError(Errors.NotFound(kind, id));
        }
    }
}
