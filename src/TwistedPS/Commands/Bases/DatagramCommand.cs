using System.Management.Automation;
using System.Text;
using TwistedPS.Completers;
using TwistedPS.Engine.Datagrams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>The base of the cmdlets that open a datagram socket.</summary>
public abstract class DatagramCommand : TwistedCommand, IServiceParameters
{
    private protected static readonly DatagramOptions Defaults = new();

    /// <summary>Called once, before the first datagram, for example to open files; the output goes to the log.</summary>
    [Parameter]
    public ScriptBlock? OnStart { get; set; }

    /// <summary>Called once, after it has stopped; the output goes to the log.</summary>
    [Parameter]
    public ScriptBlock? OnStop { get; set; }

    /// <summary>
    /// Called when another handler throws, or the socket fails, as when a datagram was refused; $_ is the error. What it
    /// outputs goes to the sender of the datagram, if there is one. Nothing ends with or without it.
    /// </summary>
    [Parameter]
    public ScriptBlock? OnError { get; set; }

    /// <summary>Gives the handler each datagram as text instead of bytes.</summary>
    [Parameter]
    public SwitchParameter AsText { get; set; }

    /// <summary>The encoding of text; UTF-8 without a byte order mark by default.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = Defaults.Encoding;

    /// <summary>The network interface for multicast: its name, its number, or one of its addresses; the system's choice by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(InterfaceCompleter))]
    public string? MulticastInterface { get; set; }

    /// <summary>The number of networks that a multicast datagram may cross, the own one included; 1 by default.</summary>
    [Parameter]
    [ValidateRange(0, 255)]
    public int? TimeToLive { get; set; }

    /// <summary>Keeps what is sent to a multicast group from the members on this machine.</summary>
    [Parameter]
    public SwitchParameter NoLoopback { get; set; }

    /// <summary>Permits to send to broadcast addresses.</summary>
    [Parameter]
    public SwitchParameter AllowBroadcast { get; set; }

    /// <summary>Permits others to bind to the same address and port, as several members of a multicast group do.</summary>
    [Parameter]
    public SwitchParameter ReuseAddress { get; set; }

    /// <summary>The largest number of bytes that may wait for the system to send them; further datagrams are dropped. 1 MiB by default.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int SendBufferLimit { get; set; } = Defaults.SendBufferLimit;

    /// <summary>A script that runs first, in the scope of the handlers, which have its functions and variables.</summary>
    [Parameter]
    public ScriptBlock? InitializationScript { get; set; }

    /// <summary>The reactor to run on; by default the session's own, or in a handler the one that runs it.</summary>
    [Parameter]
    [ShownAs<Reactor>]
    [ArgumentCompleter(typeof(ReactorCompleter))]
    [ValidateNotNull]
    public Alive<Reactor>? Reactor { get; set; }

    /// <summary>A name for lists and the log; the kind and a number by default, such as LineServer1.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The file to which the log is appended; none by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <summary>The lowest level of the entries that the log keeps; all by default.</summary>
    [Parameter]
    public LogLevel LogLevel { get; set; }

    /// <summary>Extra arguments for every handler, after its own, and for the initialization script; none by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? ArgumentList { get; set; }

    private protected ServiceStarter Starter => new(this, this);

    private protected DatagramOptions ToOptions() => Defaults with
    {
        Name = Name,
        ReuseAddress = ReuseAddress,
        AllowBroadcast = AllowBroadcast,
        MulticastInterface = MulticastInterface,
        TimeToLive = TimeToLive,
        MulticastLoopback = !NoLoopback,
        SendBufferLimit = SendBufferLimit,
        Encoding = Encoding,
    };

    /// <summary>Captures all handlers for a reactor.</summary>
    private protected DatagramScripts CaptureHandlers(ReactorHost host, string ownerVariable, ScriptBlock? onDatagram)
    {
        HandlerScope scope = Starter.CreateScope(host);
        return new DatagramScripts(host, scope, ownerVariable)
        {
            Format = new DataOutput(Encoding, joinsBytes: true),
            IsText = AsText,
            Initialization = Starter.CaptureInitialization(scope),
            OnStart = Starter.Capture(scope, OnStart),
            OnDatagram = Starter.Capture(scope, onDatagram),
            OnError = Starter.Capture(scope, OnError),
            OnStop = Starter.Capture(scope, OnStop),
        };
    }
}
