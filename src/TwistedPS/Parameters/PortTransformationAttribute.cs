using System.Globalization;
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
        int? port = input switch
        {
            string text when string.IsNullOrWhiteSpace(text) => WhenEmpty == 0 ? null : WhenEmpty,
            string text => int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int number) ? number : null,
            IConvertible => LanguagePrimitives.TryConvertTo(input, out double number) && number == Math.Floor(number) && Math.Abs(number) < int.MaxValue ? (int)number : null,
            _ => null,
        };
        int least = MayBeZero ? 0 : 1;
        return port >= least && port <= IPEndPoint.MaxPort ? port : throw Unusable(input);
    }

    private ArgumentTransformationMetadataException Unusable(object? input) => new(
        $"'{input}' is not a port{WellKnownPorts.Remark($"{input}")}. Give a number from 1 to {IPEndPoint.MaxPort}{(MayBeZero ? ", or 0 for any free port" : "")}.");
}
