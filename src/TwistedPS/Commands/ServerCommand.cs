using System.Management.Automation;
using TwistedPS.Engine.Streams;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>What the cmdlets that make a server of scriptblocks have in common.</summary>
public abstract class ServerCommand : NetworkServiceCommand
{
    /// <summary>Called once before the first connection, to open files and the like.</summary>
    [Parameter]
    public ScriptBlock? OnStart { get; set; }

    /// <summary>Called once when the server has stopped.</summary>
    [Parameter]
    public ScriptBlock? OnStop { get; set; }

    /// <summary>Makes and starts a server, and waits for its OnStart.</summary>
    /// <param name="host">Its reactor.</param>
    /// <param name="onMessage">The handler for its messages.</param>
    /// <param name="format">How its handlers' output is sent.</param>
    /// <param name="create">Makes the server of its handlers.</param>
    private protected TServer StartServer<TServer, TMessage>(
        ReactorHost host, ScriptBlock? onMessage, OutputFormat<TMessage> format, Func<IServerHandler, TServer> create)
        where TServer : Server
    {
        if (onMessage is null && OnConnect is null)
            ThrowTerminatingError(Errors.HandlerMissing(MyInvocation.MyCommand.Name, format is LineOutput ? "-OnLine, or -OnConnect" : "-OnData, or -OnConnect"));

        HandlerScope scope = host.CreateScope(SessionState);
        var scripts = new NetworkServiceScripts<TMessage>(host, scope, "Server", format)
        {
            Initialization = CaptureInitialization(scope),
            OnStart = Capture(scope, OnStart),
            OnConnect = Capture(scope, OnConnect),
            OnMessage = Capture(scope, onMessage),
            OnEnd = Capture(scope, OnEnd),
            OnDisconnect = Capture(scope, OnDisconnect),
            OnError = Capture(scope, OnError),
            OnStop = Capture(scope, OnStop),
        };
        TServer server = create(scripts);
        OpenLog(server);
        Start(host, server, server.Start);
        ShowInlining(server, scripts);
        return server;
    }
}
