using System.Collections;
using System.Management.Automation;

namespace TwistedPS.Parameters;

/// <summary>Accepts whole numbers where the one that PowerShell would round to means something else, such as a sum or an identity.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WholeNumberTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is IList many ? many.Cast<object?>().Select(Read).ToArray() : Read(inputData);

    private static long Read(object? given) => WholeNumber.Of(given)
        ?? throw new ArgumentTransformationMetadataException($"'{given}' is not a whole number of 64 bits, such as 5 or -1.");
}
