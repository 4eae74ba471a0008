using System.Management.Automation;

namespace TwistedPS.Parameters;

/// <summary>
/// Accepts an object itself for <see cref="Alive{T}"/> without a conversion. From a pipeline PowerShell binds what needs none
/// first, so an object is taken for what it is before its properties are taken for other parameters.
/// </summary>
/// <typeparam name="T">The type of the object.</typeparam>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AliveTransformationAttribute<T> : ArgumentTransformationAttribute
    where T : class
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        inputData is T or PSObject { BaseObject: T } ? new Alive<T>(inputData) : inputData;
}
