using System.Management.Automation;
using System.Management.Automation.Host;
using System.Text;
using System.Text.RegularExpressions;
using TwistedPS.Engine.Addresses;
using TwistedPS.Engine.Inquiries;
using TwistedPS.Engine.Services;

namespace TwistedPS;

/// <summary>The error records of this module; their ids are part of its public surface.</summary>
internal static partial class Errors
{
    public static ErrorRecord CarsNotReceived(Reply reply, TimeSpan timeout, int maxReplyLength)
    {
        HostAddress server = reply.Server;
        string where = server.ToString();
        return reply switch
        {
            { Error: { } error } when IsHostUnknown(error) => HostNotFound(server.Host, error, where),
            { Reason: CloseReason.None, Error: { } error } => ConnectFailed(error, server.Host, server.Port),
            { Reason: CloseReason.TimedOut } => ReceiveTimeout(where, timeout, reply.Records.Count),
            { Reason: CloseReason.MessageTooLong } => ReplyTooLong(where, maxReplyLength, "Its cars are discarded; -MaxReplyLength"),
            { Reason: CloseReason.LineTooLong } => Make(
                "LineTooLong", ErrorCategory.LimitsExceeded, where, $"A car of {where} is too long: {reply.Error?.Message}", reply.Error),
            _ => Make(
                "ConnectionLost",
                ErrorCategory.ConnectionError,
                where,
                $"The connection to {where} ended in the middle of its reply: {NetworkService.Describe(reply.Reason, reply.Error)}. Its cars are discarded.",
                reply.Error),
        };
    }

    public static ErrorRecord MalformedCar(string record, HostAddress server) => Make(
        "MalformedCar",
        ErrorCategory.InvalidData,
        record,
        $"'{record}' of {server} is not a car: it needs a whole number, a brand and a color, such as '97264836:peugeot:red'.");

    public static ErrorRecord HandlerMissing(string command, string handlers) => Make(
        "HandlerMissing",
        ErrorCategory.InvalidArgument,
        command,
        $"{command} needs at least one handler: specify {handlers}.");

    public static ErrorRecord CallbackMissing() => Make(
        "HandlerMissing", ErrorCategory.InvalidArgument, null, "Give a callback: a scriptblock, -OnError, or -Both.");

    public static ErrorRecord DeferredAlreadyFired(Deferred deferred, Exception error) =>
        Make("DeferredAlreadyFired", ErrorCategory.InvalidOperation, deferred, error.Message, error);

    public static ErrorRecord DeferredAsResult(Deferred deferred, Exception error) =>
        Make("DeferredAsResult", ErrorCategory.InvalidArgument, deferred, error.Message, error);

    public static ErrorRecord HandlerInvalid(ScriptNotCallableException error, string command) =>
        Make("HandlerInvalid", ErrorCategory.InvalidArgument, command, error.Message, error);

    public static ErrorRecord HandlerFailed(Exception error, string what, object target) => Make(
        "HandlerError", ErrorCategory.InvalidResult, target, $"{what}: {Describe(error)}", error);

    public static ErrorRecord UsingVariableNotFound(UsingVariableNotFoundException error) =>
        Make("UsingVariableNotFound", ErrorCategory.ObjectNotFound, error.Name, error.Message, error);

    public static ErrorRecord WouldDeadlock(string command, string instead) => Make(
        "WouldDeadlock",
        ErrorCategory.DeadlockDetected,
        command,
        $"{command} would deadlock: it waits for the reactor that runs this handler. {instead}");

    public static ErrorRecord NotConnected(object target, string message) =>
        Make("NotConnected", ErrorCategory.ConnectionError, target, message);

    public static ErrorRecord SendBufferFull(Client client, SendBufferFullException error) =>
        Make("SendBufferFull", ErrorCategory.LimitsExceeded, client, error.Message, error);

    public static ErrorRecord ReceiveTimeout(object target, TimeSpan timeout, int received) => Make(
        "ReceiveTimeout",
        ErrorCategory.OperationTimeout,
        target,
        $"Nothing more arrived from {target} within {Seconds(timeout)}" + (received > 0 ? $", after {received} messages." : "."));

    public static ErrorRecord ReplyTooLong(object target, int limit, string parameter) => Make(
        "ReplyTooLong", ErrorCategory.LimitsExceeded, target, $"The reply of {target} is longer than {limit} bytes. {parameter} sets the limit.");

    public static ErrorRecord SendTimeout(object target, TimeSpan timeout) => Make(
        "SendTimeout", ErrorCategory.OperationTimeout, target, $"{target} did not accept the data within {Seconds(timeout)}.");

    public static ErrorRecord MessageRefused(InvalidMessageException error, object target) => error switch
    {
        MessageTooLongException => Make("MessageTooLong", ErrorCategory.LimitsExceeded, target, error.Message, error),
        { IsOfDelimiter: true } => Make(
            "DelimiterInText",
            ErrorCategory.InvalidData,
            target,
            $"{error.Message} $Connection.Write and Send-Line -NoNewline send text as it is.",
            error),
        _ => Make("MessageInvalid", ErrorCategory.InvalidData, target, error.Message, error),
    };

    public static ErrorRecord JsonInvalid(InvalidMessageException error, byte[] line) =>
        Make("JsonInvalid", ErrorCategory.InvalidData, Encoding.UTF8.GetString(line), error.Message, error);

    public static ErrorRecord WaitTimeout(object target, TimeSpan timeout) => Make(
        "WaitTimeout", ErrorCategory.OperationTimeout, target, $"Still waiting for {target} after {Seconds(timeout)}.");

    public static ErrorRecord HandlerReceives(Client client) => Make(
        "HandlerReceives",
        ErrorCategory.InvalidOperation,
        client,
        $"Messages for {client} go to its {client.OnMessage.Name} handler, so none are left to receive.");

    public static ErrorRecord StillStopping(Service service, HandlerCall? held) => Make(
        "StillStopping",
        ErrorCategory.OperationTimeout,
        service,
        $"The {service} will have stopped when {held?.ToString() ?? "its last handler"} ends, which can't be interrupted where it is.");

    public static ErrorRecord ServerStopped(Service server) =>
        Make("ServerStopped", ErrorCategory.InvalidOperation, server, $"The {server} has stopped.");

    public static ErrorRecord ReactorStopped(Reactor reactor) =>
        Make("ReactorStopped", ErrorCategory.InvalidOperation, reactor, $"Reactor {reactor.Id} has stopped.");

    public static ErrorRecord ReactorCountNeedsBackground(string command) => Make(
        "ReactorCountNeedsBackground",
        ErrorCategory.InvalidArgument,
        command,
        $"{command} -ReactorCount needs reactors that run side by side in the background; a foreground reactor, -Wait or a fake clock is for one only.");

    public static ErrorRecord NotForeground(Reactor reactor) => Make(
        "NotForeground",
        ErrorCategory.InvalidOperation,
        reactor,
        $"Reactor {reactor.Id} already runs in the background; Wait-Reactor runs only reactors created with New-Reactor -Foreground.");

    public static ErrorRecord NotFakeClock(Reactor reactor) => Make(
        "NotFakeClock",
        ErrorCategory.InvalidOperation,
        reactor,
        $"Reactor {reactor.Id} uses a real clock; only the clock of a reactor created with New-Reactor -FakeClock can be advanced.");

    public static ErrorRecord ParameterWithoutEffect(string parameter, string where) => Make(
        "ParameterWithoutEffect", ErrorCategory.InvalidArgument, parameter, $"-{parameter} has no effect {where}.");

    public static ErrorRecord IntervalInvalid(TimeSpan interval, string parameter) => Make(
        "IntervalInvalid", ErrorCategory.InvalidArgument, interval, $"-{parameter} must be greater than 0.");

    /// <param name="noun">The noun of the cmdlets for the object.</param>
    /// <param name="identity">The value given for it.</param>
    /// <param name="wayOut">The advice; by default to list those that are alive.</param>
    public static ErrorRecord NotFound(string noun, object identity, string? wayOut = null) => Make(
        $"{noun}NotFound",
        ErrorCategory.ObjectNotFound,
        identity,
        $"There is no {noun} '{identity}' in this session. {wayOut ?? $"Get-{noun} lists those that are alive."}");

    public static ErrorRecord Ambiguous(string noun, object identity, IEnumerable<string> found) => Make(
        $"{noun}Ambiguous",
        ErrorCategory.InvalidArgument,
        identity,
        $"'{identity}' is more than one {noun}: {string.Join(", ", found)}. Give the name or number of one.");

    /// <param name="target">The value given as the target.</param>
    /// <param name="kind">The kind of messages, as the nouns of their clients and servers begin.</param>
    public static ErrorRecord CanNotSendTo(object? target, string kind) => Make(
        "InvalidTarget",
        ErrorCategory.InvalidArgument,
        target,
        $"'{target}' is not a valid target. Specify a {kind}Client, a connection or a group of a {kind}Server, or -Server for all of its connections.");

    public static ErrorRecord ProcessNotFound(string file) => Make(
        "ProcessNotFound", ErrorCategory.ObjectNotFound, file, $"The program '{file}' was not found.");

    public static ErrorRecord ProcessStartFailed(Exception error, string file) => Make(
        "ProcessStartFailed", ErrorCategory.OpenError, file, $"'{file}' can't be started: {error.Message}", error);

    public static ErrorRecord TerminalMissing(Exception error) =>
        Make("TerminalMissing", ErrorCategory.NotInstalled, null, error.Message, error);

    public static ErrorRecord HandlerMisplaced(string command) => Make(
        "HandlerMisplaced",
        ErrorCategory.InvalidArgument,
        command,
        $"{command} got a scriptblock as an argument of the program. Name the parameter of the handler: -OnOutput {{ }}.");

    public static ErrorRecord PollerMissing(Exception error) =>
        Make("PollerMissing", ErrorCategory.NotInstalled, null, error.Message, error);

    public static ErrorRecord LogPath(string path, Exception error) =>
        Make("LogPathUnusable", ErrorCategory.OpenError, path, $"The log '{path}' can't be written: {error.Message}", error);

    /// <summary>Returns the error of whoever asks a person, or for a console, where there is none.</summary>
    public static HostException NobodyToAsk()
    {
        const string Message = "There is no console here, and nobody to ask: handlers and the scripts of Start-Deferred run beside the prompt. "
            + "Ask before, and bring the answer in with $using:, or ask the peer.";
        ErrorRecord error = Make("NobodyToAsk", ErrorCategory.InvalidOperation, null, Message);
        var exception = new HostException(Message, null, error.FullyQualifiedErrorId, error.CategoryInfo.Category);
        exception.ErrorRecord.ErrorDetails = error.ErrorDetails;
        return exception;
    }

    /// <summary>Returns the record of an error that ended a script, or creates one for any other error.</summary>
    public static ErrorRecord RecordOf(Exception error)
    {
        if (error is not IContainsErrorRecord { ErrorRecord: { } record })
            return new ErrorRecord(error, error.GetType().Name, ErrorCategory.NotSpecified, null);

        // An exception can't be in its own record, so the record may hold a stand-in without the inner exception.
        return record.Exception is ParentContainsErrorRecordException ? new ErrorRecord(record, error) : record;
    }

    /// <summary>Returns an exception whose record that is.</summary>
    public static RuntimeException ExceptionOf(ErrorRecord record) => new(record.ToString(), record.Exception, record);

    /// <summary>Returns the words for an error that ended a script, with its place in there.</summary>
    public static ErrorDescription Describe(Exception error) => error switch
    {
        // Its own message says only that a preference has stopped something.
        ActionPreferenceStopException { ErrorRecord: { } record } => Describe(record),
        IContainsErrorRecord { ErrorRecord: { } record } => new ErrorDescription(error.Message, WhereOf(record)),
        _ => new ErrorDescription(error.Message),
    };

    /// <summary>Returns the words for an error, with its place in a script.</summary>
    public static ErrorDescription Describe(ErrorRecord error) => new($"{error}", WhereOf(error));

    private static string? WhereOf(ErrorRecord error) => error.InvocationInfo switch
    {
        // Write-Error puts the call of its caller there.
        { } when error.CategoryInfo.Activity == "Write-Error" => Frame().Match(error.ScriptStackTrace ?? "") switch
        {
            { Success: false } => null,
            { Groups: var at } => at["file"].Success ? $"{at["file"]}:{at["line"]}" : $"line {at["line"]}",
        },
        null or { ScriptLineNumber: 0 } => null,
        { ScriptName.Length: > 0 } at => $"{at.ScriptName}:{at.ScriptLineNumber}:{at.OffsetInLine}",
        { } at => $"line {at.ScriptLineNumber}, column {at.OffsetInLine}",
    };

    [GeneratedRegex(@"\Aat .*?, (<No file>|(?<file>.+)): line (?<line>\d+)", RegexOptions.Multiline)]
    private static partial Regex Frame();

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds:0.###} s";

    private static ErrorRecord Make(string id, ErrorCategory category, object? target, string message, Exception? cause = null) =>
        new(new TwistedException(message, cause), id, category, target) { ErrorDetails = DetailsOf(id, message) };

    private static ErrorDetails DetailsOf(string id, string message) => new(message) { RecommendedAction = ActionFor(id) };
}
