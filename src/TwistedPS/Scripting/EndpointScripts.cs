using System.Collections.ObjectModel;
using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>A protocol made of scriptblocks, for a server or a client: what a handler outputs is sent to the connection.</summary>
/// <typeparam name="TMessage">Lines are strings; data are bytes.</typeparam>
internal sealed class EndpointScripts<TMessage>(
    ReactorHost host, HandlerScope scope, string ownerVariable, OutputFormat<TMessage> format)
    : Scripts(host, scope, ownerVariable), IConnectionHandler<TMessage>, IServerHandler, IClientHandler
{
    private readonly PSVariable _connectionVariable = new("Connection");

    public ScriptHandler? OnStart { get; init; }

    public ScriptHandler? OnConnecting { get; init; }

    public ScriptHandler? OnConnectFailed { get; init; }

    public ScriptHandler? OnConnect { get; init; }

    public ScriptHandler? OnMessage { get; init; }

    public ScriptHandler? OnEnd { get; init; }

    public ScriptHandler? OnDisconnect { get; init; }

    public ScriptHandler? OnError { get; init; }

    public ScriptHandler? OnStop { get; init; }

    protected override IEnumerable<ScriptHandler?> All =>
        [OnStart, OnConnecting, OnConnectFailed, OnConnect, OnMessage, OnEnd, OnDisconnect, OnError, OnStop];

    public void Started(Server server)
    {
        Initialize();
        Invoke("OnStart", OnStart, server, server, server);
    }

    public void Stopped(Server server) => Run("OnStop", OnStop, server, server, server);

    public void Connecting(Client client) => Run("OnConnecting", OnConnecting, client, client, client);

    public void ConnectFailed(Client client, Exception error)
    {
        var record = new ErrorRecord(error, "ConnectFailed", ErrorCategory.ConnectionError, client);
        Run("OnConnectFailed", OnConnectFailed, client, record, client, record);
    }

    public void Connected(Connection connection) => Run("OnConnect", OnConnect, connection, connection);

    public void Received(Connection connection, TMessage message) =>
        Run(connection.Owner.OnMessage.Name, OnMessage, connection, message, message);

    public void ReadEnded(Connection connection) => Run("OnEnd", OnEnd, connection, connection);

    public void Disconnected(Connection connection, CloseReason reason) =>
        Run("OnDisconnect", OnDisconnect, connection, reason, reason);

    private void Run(string name, ScriptHandler? handler, Connection connection, object? dollarUnder, params object?[] more)
    {
        if (handler is null)
            return;
        try
        {
            Call(handler, connection, dollarUnder, more);
        }
        catch (RuntimeException e) when (OnError is not null)
        {
            connection.Owner.AddError(name, connection, e);
            Call(OnError, connection, e.ErrorRecord, e.ErrorRecord);
        }
        catch (RuntimeException e)
        {
            Host.Report(e.ErrorRecord);
            throw;
        }
    }

    private void Call(ScriptHandler handler, Connection connection, object? dollarUnder, params object?[] more)
    {
        _connectionVariable.Value = connection;
        List<PSVariable> variables = Variables(connection.Owner, dollarUnder, _connectionVariable);
        Collection<PSObject> output = handler.Invoke(variables, [connection, .. more]);
        format.Send(output, (MessageConnection<TMessage>)connection);
    }
}
