using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>The scriptblocks of a line server.</summary>
internal sealed class LineServerScripts(ReactorHost host, HandlerScope scope)
    : LineScripts(host, scope, "Server"), ILineServerHandler
{
    public ScriptHandler? OnStart { get; init; }

    public ScriptHandler? OnStop { get; init; }

    protected override IEnumerable<ScriptHandler?> All => [.. base.All, OnStart, OnStop];

    public void Started(LineServer server)
    {
        Initialize();
        Run("OnStart", OnStart, server, server, server);
    }

    public void Stopped(LineServer server)
    {
        try
        {
            Run("OnStop", OnStop, server, server, server);
        }
        catch (RuntimeException e)
        {
            Host.Report(e.ErrorRecord);
            throw;
        }
    }
}
