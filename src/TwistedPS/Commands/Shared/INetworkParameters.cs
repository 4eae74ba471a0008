using System.Management.Automation;
using TwistedPS.Engine.Streams;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>The parameters of the cmdlets that start servers and clients.</summary>
internal interface INetworkParameters : IServiceParameters
{
    // A server does not connect, and a client has no start and stop of its own.
    ScriptBlock? OnStart => null;

    ScriptBlock? OnStop => null;

    ScriptBlock? OnConnecting => null;

    ScriptBlock? OnConnectFailed => null;

    ScriptBlock? OnConnect { get; }

    ScriptBlock? OnEnd { get; }

    ScriptBlock? OnDrain { get; }

    ScriptBlock? OnDisconnect { get; }

    ScriptBlock? OnError { get; }

    int SendBufferLimit { get; }

    TimeSpan? IdleTimeout { get; }

    TimeSpan? ConnectionTimeLimit => null;

    int? BytesPerSecond => null;

    // What is in memory has no network to be cut off.
    TimeSpan KeepAlive => TimeSpan.Zero;

    T ToOptions<T>(T defaults)
        where T : NetworkServiceOptions => defaults with
        {
            Name = Name,
            SendBufferLimit = SendBufferLimit,
            IdleTimeout = IdleTimeout,
            TimeLimit = ConnectionTimeLimit,
            BytesPerSecond = BytesPerSecond,
            KeepAlive = KeepAlive,
            AllowHalfOpen = OnEnd is not null,
        };

    /// <summary>Captures all handlers for a reactor.</summary>
    /// <param name="starter">The starter of the cmdlet.</param>
    /// <param name="host">The reactor.</param>
    /// <param name="ownerVariable">The name of the variable that holds the server or client.</param>
    /// <param name="onMessage">The handler for messages.</param>
    /// <param name="format">The format of the handlers' output.</param>
    NetworkServiceScripts<TMessage> CaptureHandlers<TMessage>(
        ServiceStarter starter, ReactorHost host, string ownerVariable, ScriptBlock? onMessage, OutputFormat<TMessage> format)
    {
        HandlerScope scope = starter.CreateScope(host);
        var lines = this as ILineParameters;
        return new NetworkServiceScripts<TMessage>(host, scope, ownerVariable, format)
        {
            Initialization = starter.CaptureInitialization(scope),
            OnStart = starter.Capture(scope, OnStart),
            OnConnect = starter.Capture(scope, OnConnect),
            OnMessage = starter.Capture(scope, onMessage),
            OnData = starter.Capture(scope, lines?.OnData),
            OnTooLong = starter.Capture(scope, lines?.OnLineTooLong),
            OnEnd = starter.Capture(scope, OnEnd),
            OnDrain = starter.Capture(scope, OnDrain),
            OnDisconnect = starter.Capture(scope, OnDisconnect),
            OnError = starter.Capture(scope, OnError),
            OnStop = starter.Capture(scope, OnStop),
            OnConnecting = starter.Capture(scope, OnConnecting),
            OnConnectFailed = starter.Capture(scope, OnConnectFailed),
        };
    }
}
