using System.Management.Automation;
using System.Net.Sockets;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Sends datagrams: from a client to its peer, from a server or client to any address, or back to a sender.</summary>
/// <remarks>
/// Each object is a datagram of up to 65,507 bytes; a longer one is the error MessageTooLong. Datagrams are sent in order, but
/// the network may lose them, repeat them or change their order, and nobody says so. It outputs nothing. A datagram that the
/// system refuses is an error of the cmdlet, which goes on with the next.
/// </remarks>
[Cmdlet(VerbsCommunications.Send, "Datagram", HelpUri = Pages + "Send-Datagram.md")]
public sealed class SendDatagramCommand : TwistedCommand
{
    private const int MostUnderWay = 1000;

    private readonly List<Task> _underWay = [];
    private readonly DataParts _parts = new();
    private DatagramService? _service;
    private ReactorHost? _host;
    private Address? _receiver;

    /// <summary>The client or server to send from, its number or name, or the sender of a datagram to answer.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ShownAs<DatagramService>]
    [ArgumentCompleter(typeof(ServiceCompleter<DatagramService>))]
    [Alias("Client", "Server", "Peer")]
    [ValidateNotNull]
    public Alive<DatagramService>? Socket { get; set; }

    /// <summary>
    /// The data: an array of bytes is one datagram, and so are all bytes that arrive one by one from a pipeline; of anything
    /// else each object is one, as its text.
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Data { get; set; }

    /// <summary>
    /// The receiver: <c>host:port</c>, a peer, an address, or the path of a UNIX socket. A client has one already, and not
    /// every system lets it send to another.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(HostCompleter))]
    [ValidateNotNullOrEmpty]
    public object? To { get; set; }

    /// <summary>The longest time to wait for the system to send; no limit by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    [Alias("TimeoutSec", "TimeoutSeconds")]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        var peer = Socket!.Identity as DatagramPeer;
        _service = peer?.Owner ?? this.FindOne(Socket);
        if (_service is null)
            return;
        _host = HostOf(_service.Reactor);
        _receiver = To is not null ? this.ResolveReceiver(_host, To) : peer?.RemoteAddress;
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_service is null)
            return;
        object? data = Data is PSObject wrapped ? wrapped.BaseObject : Data;
        if (data is object[] many)
            Send([.. many.SelectMany(_parts.Add), .. _parts.End()]);
        else
            Send(_parts.Add(Data));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_service is null)
            return;
        Send(_parts.End());
        WaitUntilSent();
        if (_host is ForegroundReactor { Reactor: { IsStopped: false, IsRunning: false } } foreground)
            foreground.RunUntilIdle(this, CancelToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _parts.Dispose();
        base.Dispose(disposing);
    }

    private void Send(IEnumerable<object> parts)
    {
        foreach (object part in parts)
            Send(DataOutput.Encode(part, _service!.Encoding));
    }

    private void Send(byte[] datagram)
    {
        DatagramService service = _service!;
        _underWay.Add(service.CurrentReactor.InvokeAsync(() =>
        {
            service.Output.SendTo(datagram, _receiver);
            return true;
        }));
        if (service.CurrentReactor.IsCurrent || _underWay.Count == MostUnderWay)
            WaitUntilSent();
    }

    private void WaitUntilSent()
    {
        Task[] all = [.. _underWay];
        _underWay.Clear();
        if (all.Length == 0)
            return;
        if (!_service!.CurrentReactor.IsCurrent && !WaitForRoom(all))
        {
            WriteError(Errors.SendTimeout(_service, Timeout!.Value));
            return;
        }

        foreach (Exception error in all.Select(task => task.Exception?.InnerException).OfType<Exception>())
        {
            if (error is not (SocketException or InvalidMessageException or NotConnectedException))
                throw error;
            WriteError(Errors.DatagramFailed(error, _receiver ?? (object)_service));
        }
    }

    private bool WaitForRoom(Task[] all)
    {
        // They are done in order, but may be known to be in another.
        Task sent = Task.WhenAll(Task.WhenAll(all).ContinueWith(_ => { }, TaskScheduler.Default), _service!.Output.Queue.Room);
        return WaitFor(_host!, sent, Timeout, $"Sending from {_service}", "");
    }
}
