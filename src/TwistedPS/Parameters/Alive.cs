using System.Collections;
using System.Management.Automation;

namespace TwistedPS.Parameters;

/// <summary>
/// A live object as a cmdlet's caller gives it: itself, or its number or name, which the cmdlet looks up when it runs. So a
/// name that nothing has is an error of the cmdlet, not one of binding.
/// </summary>
/// <typeparam name="T">The type of the object.</typeparam>
public sealed class Alive<T>
    where T : class
{
    /// <param name="given">The object, its number or name, or several of them.</param>
    public Alive(object given)
    {
        Identity = Unwrap(given);

        // An argument must have the type name that its parameter shows.
        PSObject.AsPSObject(this).TypeNames.Insert(0, typeof(T).FullName);
    }

    /// <summary>The object, its number or name, or several of them.</summary>
    internal object Identity { get; }

    /// <summary>Each of the objects, numbers or names.</summary>
    internal IEnumerable<object> Identities =>
        Identity is IEnumerable many and not string ? many.Cast<object>().Select(Unwrap) : [Identity];

    /// <summary>Returns what was given, as text.</summary>
    public override string ToString() => $"{Identity}";

    private static object Unwrap(object given) => given is PSObject wrapped ? wrapped.BaseObject : given;
}
