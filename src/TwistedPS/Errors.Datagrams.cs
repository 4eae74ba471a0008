using System.Management.Automation;
using System.Net.Sockets;

namespace TwistedPS;

/// <content>The errors of datagrams.</content>
internal static partial class Errors
{
    /// <param name="error">The error.</param>
    /// <param name="target">The server or client, or the receiver of a datagram.</param>
    public static ErrorRecord DatagramFailed(Exception error, object target) => error switch
    {
        InvalidMessageException => Make("MessageTooLong", ErrorCategory.LimitsExceeded, target, $"The datagram was not sent: {error.Message}", error),
        NotConnectedException => NotConnected(target, error.Message),
        SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.ConnectionReset } => Make(
            "ConnectionRefused", ErrorCategory.ConnectionError, target, $"A datagram of {target} was refused: nobody receives there.", error),
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => Make(
            "ConnectionRefused", ErrorCategory.ConnectionError, target, $"Nobody receives at {target}: {error.Message}", error),
        SocketException { SocketErrorCode: SocketError.MessageSize } => Make(
            "MessageTooLong", ErrorCategory.LimitsExceeded, target, $"The datagram was not sent: the system sends none as long. {error.Message}", error),
        SocketException { SocketErrorCode: SocketError.AccessDenied } => Make(
            "AccessDenied", ErrorCategory.PermissionDenied, target, "Sending there is not permitted; a broadcast needs -AllowBroadcast.", error),
        _ => Make("SendFailed", ErrorCategory.ConnectionError, target, $"Datagrams of {target} fail: {error.Message}", error),
    };

    /// <param name="error">The error, which says what is wrong.</param>
    /// <param name="given">What was given.</param>
    public static ErrorRecord InvalidMulticast(FormatException error, object given) =>
        Make("InvalidAddress", ErrorCategory.InvalidArgument, given, error.Message, error);

    public static ErrorRecord InvalidReceiver(object? given) => Make(
        "InvalidAddress",
        ErrorCategory.InvalidArgument,
        given,
        $"'{given}' is no receiver. Give 'host:port', a peer, the path of a UNIX socket, or after an @ its abstract name; ports go from 1 to 65535.");

    public static ErrorRecord LookupInHandler(string command, string host) => Make(
        "WouldDeadlock",
        ErrorCategory.DeadlockDetected,
        command,
        $"{command} would hold the reactor that runs this handler while it looks '{host}' up. Give an IP address.");

    public static ErrorRecord DatagramsWait(DatagramServer server) => Make(
        "ParameterWithoutEffect",
        ErrorCategory.InvalidArgument,
        server,
        $"-OnDatagram has no effect: the {server} was started without a handler, so its datagrams wait for Receive-Datagram.");

    public static ErrorRecord HandlerReceives(DatagramService service) => Make(
        "HandlerReceives",
        ErrorCategory.InvalidOperation,
        service,
        $"Datagrams for {service} go to its OnDatagram handler, so none are left to receive.");
}
