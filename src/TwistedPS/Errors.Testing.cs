using System.Management.Automation;

namespace TwistedPS;

/// <content>The errors of what tests use.</content>
internal static partial class Errors
{
    public static ErrorRecord ServerNotInMemory(Service server) => Make(
        "ServerNotInMemory",
        ErrorCategory.InvalidArgument,
        server,
        $"The {server} is not in memory. Connect-UdpClient talks to it; here goes the Server of an earlier test connection.");

    public static ErrorRecord NoClient(object? given) => Make(
        "InvalidTarget",
        ErrorCategory.InvalidArgument,
        given,
        $"'{given}' has received nothing: it is no client. Give one of lines, bytes or datagrams.");

    public static ErrorRecord NotReceived(Service client, string message) => Make(
        "NotReceived", ErrorCategory.InvalidResult, client, message);
}
