using System.Management.Automation;
using System.Net;
using TwistedPS.Engine.Addresses;

namespace TwistedPS.Parameters;

/// <summary>Accepts a port as a number or its text, and says of anything else what a port is.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PortTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether 0, for any free port, is one; it is where to listen.</summary>
    public bool MayBeZero { get; set; }

    /// <summary>The port that an empty text stands for, such as an empty field of a CSV file; 0 for none.</summary>
    public int WhenEmpty { get; set; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? input = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        long? port = input is string text && string.IsNullOrWhiteSpace(text) && WhenEmpty > 0 ? WhenEmpty : WholeNumber.Of(input);
        int least = MayBeZero ? 0 : 1;
        return port >= least && port <= IPEndPoint.MaxPort ? (int)port : throw Unusable(input);
    }

    private ArgumentTransformationMetadataException Unusable(object? input) => new(
        $"'{input}' is not a port{WellKnownPorts.Remark($"{input}")}. Give a number from 1 to {IPEndPoint.MaxPort}{(MayBeZero ? ", or 0 for any free port" : "")}.");
}
