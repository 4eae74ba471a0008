using System.Management.Automation;

namespace TwistedPS.Parameters;

/// <summary>Shows a parameter of <see cref="Alive{T}"/> in the syntax of its cmdlet as one of the type of the object.</summary>
/// <typeparam name="T">The type of the object.</typeparam>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ShownAsAttribute<T>() : PSTypeNameAttribute(typeof(T).FullName)
    where T : class;
