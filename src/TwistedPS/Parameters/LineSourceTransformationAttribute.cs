using System.Management.Automation;

namespace TwistedPS.Parameters;

/// <summary>
/// Accepts a line client, or in a conversation the connection to the peer, without a conversion. PowerShell binds what needs none
/// first, so an object is taken for what it is before its text is taken for a prompt.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LineSourceTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is LineClient or LineConnection ? new Alive<LineClient>(inputData) : inputData;
}
