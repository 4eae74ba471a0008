using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>The scriptblocks of a line client.</summary>
internal sealed class LineClientScripts(ReactorHost host, HandlerScope scope)
    : LineScripts(host, scope, "Client"), ILineClientHandler
{
    public ScriptHandler? OnConnecting { get; init; }

    public ScriptHandler? OnConnectFailed { get; init; }

    protected override IEnumerable<ScriptHandler?> All => [.. base.All, OnConnecting, OnConnectFailed];

    public void Connecting(LineClient client) => Run("OnConnecting", OnConnecting, client, client, client);

    public void ConnectFailed(LineClient client, Exception error)
    {
        var record = new ErrorRecord(error, "ConnectFailed", ErrorCategory.ConnectionError, client);
        Run("OnConnectFailed", OnConnectFailed, client, record, client, record);
    }
}
