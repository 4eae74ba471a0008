using System.Management.Automation;
using System.Text.Json;
using TwistedPS.Engine.Clusters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Outputs a value that all nodes of the cluster share.</summary>
/// <remarks>
/// <para>It outputs what Set-ReactorValue has set on this node or another: text, a number, or what ConvertFrom-Json makes of an
/// object; nothing if there is none. In no cluster, the values are those of this process.</para>
/// <para>In a handler it does not wait: it outputs a deferred for the value, which is the handler's answer if it is output.
/// </para>
/// <para>The error is BrokerUnreachable while the broker can't be reached, and BrokerWithoutStore if it keeps no values; neither
/// ends the cmdlet.</para>
/// </remarks>
[Cmdlet(VerbsCommon.Get, "ReactorValue", HelpUri = Pages + "Get-ReactorValue.md")]
[OutputType(typeof(object))]
public sealed class GetReactorValueCommand : SharedValueCommand
{
    private protected override async Task<object?> WorkAsync(SharedState state, CancellationToken cancel)
    {
        byte[] json = await state.GetAsync(Key, cancel).ConfigureAwait(false);
        if (!json.AsSpan().SequenceEqual("null"u8))
            Remember();
        return json;
    }

    // PowerShell makes a date of text that looks like one.
    private protected override object? OutputOf(object? result) => result is byte[] { Length: > 0 } json && json[0] == '"'
        ? JsonSerializer.Deserialize<string>(json)
        : JsonText.Read((byte[])result!, asHashtables: false, "value");
}
