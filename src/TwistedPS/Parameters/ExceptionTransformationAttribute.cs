using System.Management.Automation;

namespace TwistedPS.Parameters;

/// <summary>Accepts an exception or an error record, or creates an exception from a message.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ExceptionTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            Exception error => error,
            ErrorRecord record => Errors.ExceptionOf(record),
            null => throw new ArgumentTransformationMetadataException("An error can't be null."),
            var message => new RuntimeException($"{message}"),
        };
}
