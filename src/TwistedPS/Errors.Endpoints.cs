using System.Management.Automation;
using System.Net.Sockets;
using System.Security.Authentication;
using TwistedPS.Engine.Addresses;

namespace TwistedPS;

/// <content>The errors of where to listen and to connect.</content>
internal static partial class Errors
{
    public static ErrorRecord ListenFailed(SocketException error, string address, int port, string user = "")
    {
        string where = $"{address}:{port}";
        return error.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => Make(
                "AddressInUse", ErrorCategory.ResourceExists, where, $"{where} is already in use{user}.", error),
            SocketError.AccessDenied => Make(
                "AccessDenied", ErrorCategory.PermissionDenied, where, $"Listening on {where} is not permitted.", error),
            SocketError.AddressNotAvailable => Make(
                "AddressNotAvailable", ErrorCategory.InvalidArgument, where, $"{address} is not an address of this machine.", error),
            _ => Make("ListenFailed", ErrorCategory.OpenError, where, $"Can't listen on {where}: {error.Message}", error),
        };
    }

    /// <param name="error">The error.</param>
    /// <param name="path">The path of a UNIX socket.</param>
    public static ErrorRecord ListenFailed(SocketException error, string path) => error.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => Make(
            "AddressInUse", ErrorCategory.ResourceExists, path, $"{path} is already in use: {error.Message}", error),
        SocketError.AccessDenied => Make(
            "AccessDenied", ErrorCategory.PermissionDenied, path, $"Listening on {path} is not permitted: {error.Message}", error),
        SocketError.AddressNotAvailable => Make(
            "FolderNotFound", ErrorCategory.ObjectNotFound, path, $"Can't listen on {path}: {error.Message}", error),
        SocketError.InvalidArgument => InvalidPath(path, error),
        _ => Make("ListenFailed", ErrorCategory.OpenError, path, $"Can't listen on {path}: {error.Message}", error),
    };

    public static ErrorRecord ConnectFailed(Exception error, string host, int port)
    {
        var server = new HostAddress(host, port);
        string where = server.ToString();
        return error switch
        {
            OperationCanceledException => Make(
                "ConnectCancelled", ErrorCategory.OperationStopped, where, $"The attempt to connect to {where} was cancelled.", error),
            TimeoutException => Make("ConnectTimeout", ErrorCategory.OperationTimeout, where, error.Message, error),
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } => Make(
                "ConnectionRefused", ErrorCategory.ConnectionError, where, $"{where} refused the connection: nothing listens there.", error),
            SocketException { SocketErrorCode: SocketError.AddressNotAvailable } when server.IsPath => Make(
                "ConnectionRefused", ErrorCategory.ConnectionError, where, $"Nothing listens on {where}: there is no such socket.", error),
            SocketException { SocketErrorCode: SocketError.InvalidArgument } when server.IsPath => InvalidPath(where, error),
            _ when IsHostUnknown(error) => HostNotFound(host, error),
            AuthenticationException handshake => HandshakeFailed(handshake, where),
            _ => Make("ConnectFailed", ErrorCategory.ConnectionError, where, $"Can't connect to {where}: {error.Message}", error),
        };
    }

    /// <summary>The error of an attempt to connect as handlers get it, with the exception itself.</summary>
    public static ErrorRecord AttemptFailed(Exception error, Client client)
    {
        const string Id = "ConnectFailed";
        return new ErrorRecord(error, Id, ErrorCategory.ConnectionError, client) { ErrorDetails = DetailsOf(Id, error.Message) };
    }

    public static ErrorRecord HostNotFound(string host, Exception? error = null, string? where = null) =>
        Make("HostNotFound", ErrorCategory.ObjectNotFound, where ?? host, $"The host '{host}' is unknown.", error);

    public static ErrorRecord LookUpFailed(string host, Exception error) => error switch
    {
        SocketException { SocketErrorCode: SocketError.NoRecovery } => Make(
            "ConnectFailed", ErrorCategory.ConnectionError, host, $"The host '{host}' can't be looked up: {error.Message}", error),
        _ => HostNotFound(host, error),
    };

    public static ErrorRecord InvalidAddress(string address) => Make(
        "InvalidAddress",
        ErrorCategory.InvalidArgument,
        address,
        $"'{address}' is not an address. Give 'host', 'host:port', an IPv6 address, or one in brackets: '[::1]:8000'; ports go from 1 to 65535.");

    public static ErrorRecord InvalidAddressRange(FormatException error, string command) =>
        Make("InvalidAddress", ErrorCategory.InvalidArgument, command, error.Message, error);

    public static ErrorRecord InvalidEndpoint(string text, FormatException error) =>
        Make("InvalidAddress", ErrorCategory.InvalidArgument, text, error.Message, error);

    public static ErrorRecord PortMissing(string endpoint) => Make(
        "InvalidAddress", ErrorCategory.InvalidArgument, endpoint, $"'{endpoint}' has no port. Give one, as in '{endpoint}:1234' or '{endpoint} 1234'.");

    public static ErrorRecord InvalidOrigin(FormatException error, string[] origins) => Make(
        "OriginInvalid",
        ErrorCategory.InvalidArgument,
        origins,
        $"{error.Message} Give the scheme and the host of a page, as in 'https://example.org' or 'http://localhost:8080', or *.",
        error);

    public static ErrorRecord InvalidFileMode(string mode, FormatException error) => Make(
        "FileModeInvalid", ErrorCategory.InvalidArgument, mode, $"-FileMode: {error.Message}.", error);

    public static ErrorRecord EndpointContradicted(string parameter, EndpointString endpoint) => Make(
        "EndpointContradicted", ErrorCategory.InvalidArgument, endpoint.Text, $"-{parameter} contradicts '{endpoint}'. Give one of them.");

    public static ErrorRecord EndpointUnsupported(EndpointString endpoint, string reason) => Make(
        "EndpointUnsupported", ErrorCategory.NotImplemented, endpoint.Text, $"'{endpoint}' can't be used here: {reason}");

    public static ErrorRecord EndpointWithoutCertificate(EndpointString endpoint) => Make(
        "CertificateMissing",
        ErrorCategory.InvalidArgument,
        endpoint.Text,
        $"'{endpoint}' names no certificate. Give one, as in 'ssl:443:certKey=cert.pem:privateKey=key.pem', or -Certificate.");

    public static ErrorRecord InvalidResolver(object? given, string reason) => Make(
        "ResolverInvalid",
        ErrorCategory.InvalidArgument,
        given,
        $"{reason} Give a scriptblock that outputs addresses, or a table such as @{{ 'db.test' = '127.0.0.1', '::1' }}.");

    private static ErrorRecord InvalidPath(string path, Exception error) =>
        Make("InvalidAddress", ErrorCategory.InvalidArgument, path, error.Message, error);

    private static bool IsHostUnknown(Exception error) => error is SocketException
    {
        SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData
    };
}
