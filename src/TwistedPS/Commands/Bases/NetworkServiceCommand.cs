using System.Management.Automation;
using TwistedPS.Engine.Streams;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>What the cmdlets that start servers and clients have in common.</summary>
public abstract class NetworkServiceCommand : ServiceCommand
{
    private static readonly NetworkServiceOptions s_defaults = new();

    /// <summary>Called when a connection is made; its output is sent.</summary>
    [Parameter]
    public ScriptBlock? OnConnect { get; set; }

    /// <summary>
    /// Called when the peer has said that it will send nothing more. With it the connection stays open until it is closed.
    /// </summary>
    [Parameter]
    public ScriptBlock? OnEnd { get; set; }

    /// <summary>Called once when a connection has ended; $_ is the reason.</summary>
    [Parameter]
    public ScriptBlock? OnDisconnect { get; set; }

    /// <summary>Called when another handler throws; $_ is the error. Without it the connection is closed.</summary>
    [Parameter]
    public ScriptBlock? OnError { get; set; }

    /// <summary>How many bytes may wait for a peer that does not read.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int SendBufferLimit { get; set; } = s_defaults.SendBufferLimit;

    /// <summary>Close a connection on which nothing came or went for so long.</summary>
    [Parameter]
    [TimeoutTransformation]
    public TimeSpan? IdleTimeout { get; set; }

    private protected T WithOptions<T>(T options)
        where T : NetworkServiceOptions => options with
        {
            Name = Name,
            SendBufferLimit = SendBufferLimit,
            IdleTimeout = IdleTimeout,
            AllowHalfOpen = OnEnd is not null,
        };
}
