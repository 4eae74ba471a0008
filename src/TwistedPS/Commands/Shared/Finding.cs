using System.Management.Automation;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>The look-up of the live objects that a cmdlet is given.</summary>
internal static class Finding
{
    /// <summary>Finds services, and writes an error for each number or name that none has.</summary>
    public static T[] Find<T>(this TwistedCommand cmdlet, Alive<T>[] given)
        where T : Service => cmdlet.Find(LiveKinds.Services<T>(), given);

    /// <summary>Finds live objects, and writes an error for each number or name that none has.</summary>
    public static T[] Find<T>(this TwistedCommand cmdlet, LiveKind<T> kind, Alive<T>[] given)
        where T : class =>
        given.Length == 0 ? [] : [.. given.SelectMany(one => one.Identities).SelectMany(identity => cmdlet.Find(kind, identity))];

    /// <summary>Finds a service.</summary>
    /// <returns>The service; null if there is not just one, after an error is written.</returns>
    public static T? FindOne<T>(this TwistedCommand cmdlet, Alive<T> given)
        where T : Service => cmdlet.FindOne(LiveKinds.Services<T>(), given);

    /// <summary>Finds a live object.</summary>
    /// <returns>The object; null if there is not just one, after an error is written.</returns>
    public static T? FindOne<T>(this TwistedCommand cmdlet, LiveKind<T> kind, Alive<T> given)
        where T : class
    {
        T[] found = [.. given.Identities.SelectMany(identity => kind.Find(cmdlet.Session, identity))];
        if (found.Length == 1)
            return found[0];
        cmdlet.WriteError(found.Length == 0
            ? Errors.NotFound(kind.Noun, given.Identity, kind.WayOut)
            : Errors.Ambiguous(kind.Noun, given.Identity, found.Select(kind.NameOf)));
        return null;
    }

    private static T[] Find<T>(this TwistedCommand cmdlet, LiveKind<T> kind, object identity)
    {
        T[] found = kind.Find(cmdlet.Session, identity);
        if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters($"{identity}"))
            cmdlet.WriteError(Errors.NotFound(kind.Noun, identity, kind.WayOut));
        return found;
    }
}
