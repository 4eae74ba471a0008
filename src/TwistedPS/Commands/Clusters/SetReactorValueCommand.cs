using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Clusters;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Sets a value that all nodes of the cluster share, at once or only if it is what is expected, or counts.</summary>
/// <remarks>
/// <para>A value is kept as JSON. $null removes it. With -Expected it is set only if it is equal to that, $null for none, and
/// the output says whether it was: of several nodes that try at once, one succeeds. With -Increment the value is a counter,
/// which begins at 0, and the output is the sum; no count is lost, however many nodes count. Otherwise it outputs nothing.
/// Where a pipeline has no value for it, it does nothing.</para>
/// <para>In a handler it does not wait: it outputs a deferred for that output.</para>
/// <para>The error is BrokerUnreachable while the broker can't be reached, where the value may have been set if it was lost
/// meanwhile; BrokerWithoutStore if it keeps no values; and ValueNotNumber if there is nothing to add to. None of them ends the
/// cmdlet.</para>
/// </remarks>
[Cmdlet(VerbsCommon.Set, "ReactorValue", DefaultParameterSetName = ByValue, HelpUri = Pages + "Set-ReactorValue.md")]
[OutputType(typeof(bool), typeof(long))]
public sealed class SetReactorValueCommand : SharedValueCommand
{
    private const string ByValue = "Value";
    private const string ByIncrement = "Increment";

    private readonly List<object?> _values = [];

    /// <summary>
    /// The value: text, a number, or an object, which is converted as by ConvertTo-Json; $null to remove it. Several from a
    /// pipeline are an array.
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByValue, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Value { get; set; }

    /// <summary>What the value must be for it to be set, as JSON to the letter; $null for none. Any by default.</summary>
    [Parameter(ParameterSetName = ByValue)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Expected { get; set; }

    /// <summary>The whole number to add, negative as well; one with a fraction is an error.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByIncrement)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [WholeNumberTransformation]
    public long Increment { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _values.Add(Value);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // What should have come from a pipeline may have failed, which is no reason to remove the value.
        if (_values.Count > 0)
            base.EndProcessing();
    }

    private protected override async Task<object?> WorkAsync(SharedState state, CancellationToken cancel)
    {
        object? result = await SetAsync(state, cancel).ConfigureAwait(false);
        Remember();
        return result;
    }

    private async Task<object?> SetAsync(SharedState state, CancellationToken cancel)
    {
        if (ParameterSetName == ByIncrement)
            return await state.IncrementAsync(Key, Increment, cancel).ConfigureAwait(false);
        byte[] value = ObjectJson.ToBytes(_values is [var single] ? single : _values);
        if (MyInvocation.BoundParameters.ContainsKey(nameof(Expected)))
            return await state.CompareAndSetAsync(Key, ObjectJson.ToBytes(Expected), value, cancel).ConfigureAwait(false);
        await state.SetAsync(Key, value, cancel).ConfigureAwait(false);
        return null;
    }
}
