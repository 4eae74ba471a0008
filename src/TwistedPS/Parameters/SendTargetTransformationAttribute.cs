using System.Management.Automation;
using TwistedPS.Scripting;

namespace TwistedPS.Parameters;

/// <summary>
/// Accepts what can be sent to without a conversion. In a conversation that is only an object itself: PowerShell binds what needs no
/// conversion first, and there a text or a number is a line for the peer, unless -Connection is before it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SendTargetTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? given = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        bool isTarget = given is Connection or ConnectionGroup or LineClient || ConversationWork.Current is null;
        return isTarget && given is not (null or SendTarget) ? new SendTarget(inputData) : inputData;
    }
}
