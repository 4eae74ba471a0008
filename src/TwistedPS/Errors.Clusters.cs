using System.Management.Automation;
using TwistedPS.Engine.Groups;

namespace TwistedPS;

/// <content>The errors of clusters, topics and shared values.</content>
internal static partial class Errors
{
    public static ErrorRecord SubjectInvalid(string subject, string why) => Make(
        "SubjectInvalid", ErrorCategory.InvalidArgument, subject, $"'{subject}' is no subject here: {why}.");

    public static ErrorRecord QueueInvalid(string queue, string why) => Make(
        "QueueInvalid", ErrorCategory.InvalidArgument, queue, $"'{queue}' is no name of a queue: {why}.");

    public static ErrorRecord ClusterNameInvalid(string name, string why) => Make(
        "ClusterNameInvalid", ErrorCategory.InvalidArgument, name, $"'{name}' is no name of a cluster: {why}.");

    public static ErrorRecord BrokerInvalid(string address, string why) => Make(
        "BrokerInvalid", ErrorCategory.InvalidArgument, address, $"'{address}' is no address of a broker: {why}.");

    public static ErrorRecord BackplaneMissing(string package, string address) => Make(
        "BackplaneMissing", ErrorCategory.NotInstalled, address, $"'{address}' needs the module {package}, which is not installed.");

    public static ErrorRecord AlreadyJoined(ReactorCluster cluster) => Make(
        "AlreadyJoined", ErrorCategory.ResourceExists, cluster, $"This process is {cluster} already.");

    public static ErrorRecord BackplaneFailed(BackplaneException error, object target) => error.Fault switch
    {
        BackplaneFault.Unauthorized => Make("BrokerRefused", ErrorCategory.AuthenticationError, target, error.Message, error),
        BackplaneFault.TooLong => Make("MessageTooLong", ErrorCategory.LimitsExceeded, target, error.Message, error),
        BackplaneFault.NoStore => Make("BrokerWithoutStore", ErrorCategory.ResourceUnavailable, target, error.Message, error),
        _ => Make("BrokerUnreachable", ErrorCategory.ConnectionError, target, error.Message, error),
    };

    public static ErrorRecord ValueKeyInvalid(string key, string why) => Make(
        "ValueKeyInvalid", ErrorCategory.InvalidArgument, key, $"'{key}' is no key of a value: {why}.");

    public static ErrorRecord ValueNotNumber(string key, Exception error) => Make(
        "ValueNotNumber", ErrorCategory.InvalidOperation, key, $"'{key}' can't be counted: {(error is OverflowException ? "the sum" : "it")} is no whole number of 64 bits.", error);

    public static ErrorRecord RequestFailed(string subject, Payload reply) => reply.Kind == PayloadKind.NoResponder
        ? Make("NoResponder", ErrorCategory.ResourceUnavailable, subject, $"Nobody replies to requests at '{subject}'.")
        : Make("RequestFailed", ErrorCategory.InvalidResult, subject, $"The request to '{subject}' has failed: {reply.Text}");

    public static ErrorRecord RequestTimeout(string subject, TimeSpan timeout) => Make(
        "RequestTimeout", ErrorCategory.OperationTimeout, subject, $"Nobody has replied at '{subject}' within {Seconds(timeout)}.");
}
