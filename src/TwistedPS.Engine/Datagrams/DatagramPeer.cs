using System.Net;
using System.Net.Sockets;
using Newtonsoft.Json;
using TwistedPS.Engine.Datagrams;
using TwistedPS.Engine.Services;

namespace TwistedPS;

/// <summary>The sender of datagrams, who can be answered. Members may be used from any thread.</summary>
public sealed class DatagramPeer : ICallTarget
{
    internal DatagramPeer(DatagramPart part, SocketAddress address, Address remoteAddress) =>
        (Part, SocketAddress, RemoteAddress) = (part, address, remoteAddress);

    /// <summary>The server or client that has received from it.</summary>
    [JsonIgnore]
    public DatagramService Owner => Part.Owner;

    /// <summary>The IP address as text, or the path of a UNIX socket.</summary>
    public string Address => RemoteAddress.Host;

    /// <summary>The port; 0 for an address without one.</summary>
    public int Port => RemoteAddress.Port;

    /// <summary>The address.</summary>
    [JsonIgnore]
    public Address RemoteAddress { get; }

    /// <summary>Whether it can be answered: the socket of a sender on a UNIX socket may have no name.</summary>
    public bool CanBeAnswered => RemoteAddress.EndPoint is IPEndPoint || SocketAddress.Size > sizeof(ushort);

    /// <summary>The part of its owner that handles what it sends.</summary>
    internal DatagramPart Part { get; }

    /// <summary>The address as the system has it.</summary>
    internal SocketAddress SocketAddress { get; }

    /// <summary>What the handlers' implementation keeps with it. On the reactor's thread only.</summary>
    internal object? HandlerState { get; set; }

    Service ICallTarget.Owner => Owner;

    Reactor ICallTarget.Reactor => Part.Reactor;

    IProducer ICallTarget.Producer => Part.Producer;

    /// <summary>Sends it a datagram of bytes.</summary>
    /// <exception cref="MessageTooLongException">No datagram can be as long.</exception>
    /// <exception cref="NotConnectedException">The server or client has stopped, or this sender's socket has no name.</exception>
    /// <exception cref="SocketException">The system refuses it.</exception>
    public void Send(byte[] data) => Owner.Output.Send(data, this);

    /// <summary>Sends it a datagram of text in the encoding of the server or client.</summary>
    /// <inheritdoc cref="Send(byte[])"/>
    public void Send(string text) => Owner.Output.Send(Owner.Encoding.GetBytes(text), this);

    /// <summary>Returns the address, on one line.</summary>
    public override string ToString() => VisibleText.Of($"{RemoteAddress}");

    void ICallTarget.Hold() => Owner.Hold();

    void ICallTarget.Release() => Owner.Release();

    void ICallTarget.Fail(Exception error)
    {
        // There is no connection that could be closed.
    }

    void ICallTarget.Log(LogLevel level, string message) => Owner.ReactorLog.Add(level, Port, Address, message);
}
