using System.Collections.Frozen;

namespace TwistedPS;

/// <content>What to do about each error, which PowerShell shows beneath its message.</content>
internal static partial class Errors
{
    private const string NotFoundSuffix = "NotFound";
    private const string AmbiguousSuffix = "Ambiguous";

    private static readonly FrozenDictionary<string, string> s_actions = new Dictionary<string, string>
    {
        ["AccessDenied"] = "Choose a port above 1023 or another path, or run as a user who is permitted.",
        ["AddressInUse"] = "Stop what listens there, or choose another port or path; port 0 is any free one.",
        ["AddressNotAvailable"] = "Give an address of this machine, or * for all.",
        ["AlreadyJoined"] = "Leave it first, with Exit-ReactorCluster.",
        ["BackplaneMissing"] = "Install that module with Install-PSResource, or build it.",
        ["BrokerInvalid"] = "Give an address such as nats://host:4222.",
        ["BrokerRefused"] = "Give the right -Credential, and check what the broker allows the user.",
        ["BrokerUnreachable"] = "Start the broker, or check its host and port; a node that has joined connects again by itself.",
        ["CertificateExpired"] = "Have the certificate renewed, and check the clock.",
        ["CertificateInvalid"] = "Ask for a certificate that is made for this use.",
        ["CertificateMissing"] = "Give the side that has none a certificate with -Certificate.",
        ["CertificateNameMismatch"] = "Connect by a name that is in the certificate.",
        ["CertificateNotFound"] = "Check the path; a relative one starts at the current location.",
        ["CertificateNotMade"] = "Correct the names, the subject or the time.",
        ["CertificateNotWritten"] = "Check the folder and its permissions.",
        ["CertificateNotYetValid"] = "Wait until it is valid, and check the clock.",
        ["CertificatePasswordInvalid"] = "Give the right -CertificatePassword.",
        ["CertificateRevoked"] = "Do not go on; ask the operator of the peer for a new certificate.",
        ["CertificateUnreadable"] = "Give a PEM or PFX file, or an X509Certificate2.",
        ["CertificateUntrusted"] = "Make sure whose certificate it is before you trust it.",
        ["ClusterNameInvalid"] = "Give a name such as chat.",
        ["ConnectCancelled"] = "Connect again, if that was not wanted.",
        ["ConnectFailed"] = "Check the network, and whether a firewall lets the connection through.",
        ["ConnectTimeout"] = "Check the address and the firewalls, or allow more time.",
        ["ConnectionLost"] = "Ask again; the server or the network has failed.",
        ["ConnectionRefused"] = "Start the server, or check the host and the port.",
        ["ConversationContradicted"] = "Leave out one of them.",
        ["ConversationEnded"] = "Catch it, if there is something to clean up.",
        ["ConversationMissing"] = "Give what is missing, or call it in the scriptblock of -Conversation.",
        ["DeferredAlreadyFired"] = "Fire a Deferred once; its Status says whether it has fired.",
        ["DeferredAsResult"] = "Output the Deferred in a callback, which waits for it.",
        ["DelimiterInText"] = "Split the text, or choose another delimiter.",
        ["EndpointContradicted"] = "Leave out the parameter, or that part of the endpoint string.",
        ["EndpointUnsupported"] = "Give an endpoint string of a kind that the cmdlet takes.",
        ["FileModeInvalid"] = "Give an octal mode, such as 660.",
        ["FolderNotFound"] = "Create the folder, or give another path.",
        ["HandlerError"] = "Correct the script, whose place the message has.",
        ["HandlerInvalid"] = "Give a scriptblock or a function without begin, process and clean blocks.",
        ["HandlerMisplaced"] = "Write -OnOutput before the scriptblock.",
        ["HandlerMissing"] = "Give a scriptblock, such as { $_ }.",
        ["HandlerReceives"] = "Start it without the handler, to receive at the prompt.",
        ["HandshakeFailed"] = "Check that both sides expect TLS on this port, and have a version of it in common.",
        ["HandshakeTimeout"] = "Check that the peer expects TLS, or allow more time with -HandshakeTimeout.",
        ["HostNotFound"] = "Check the spelling, or give an IP address.",
        ["IntervalInvalid"] = "Give a time such as 500ms.",
        ["InvalidAddress"] = "Choose one of the forms that docs/concepts.md lists under Where to listen and connect.",
        ["InvalidTarget"] = "Give what a Connect- cmdlet has output, or its number or name.",
        ["IssuerUnusable"] = "Give an authority of New-ReactorCertificate -CertificateAuthority, with its private key.",
        ["JsonInvalid"] = "Correct the sender; the next line can be received.",
        ["LineTooLong"] = "Check that the server sends cars, each with a dot at its end.",
        ["ListenFailed"] = "Check the address, and whether the system has room for another socket.",
        ["LogPathUnusable"] = "Check the folder and its permissions.",
        ["MalformedCar"] = "Correct the server; its other cars are output.",
        ["MessageInvalid"] = "Send what the framing can carry.",
        ["MessageTooLong"] = "Send less at once, or raise the limit on both sides.",
        ["NobodyToAsk"] = "Serve with -Wait or on a foreground reactor, whose handlers have the console of the script.",
        ["NoResponder"] = "Register a topic for that subject, on this node or another.",
        ["NotConnected"] = "Connect the client again, with -Client, or connect with -Reconnect.",
        ["NotFakeClock"] = "Create the reactor with New-Reactor -FakeClock.",
        ["NotForeground"] = "Leave out the wait; a background reactor runs by itself.",
        ["NotReceived"] = "Correct the handler, or what the test expects of it.",
        ["OriginInvalid"] = "Give an origin such as https://example.org.",
        ["ParameterWithoutEffect"] = "Leave the parameter out, or add what it needs.",
        ["PollerMissing"] = "Leave out -Poller, or give Pool.",
        ["PrivateKeyMisplaced"] = "Leave out the key or password; the certificate has its own.",
        ["PrivateKeyMismatch"] = "Give the key that belongs to the certificate.",
        ["PrivateKeyMissing"] = "Give the file of the key with -CertificateKey.",
        ["ProcessNotFound"] = "Give the path of the program, or add its folder to the PATH.",
        ["ProcessStartFailed"] = "Check that the file may be executed, and that the working directory is there.",
        ["ReactorCountNeedsBackground"] = "Leave out -Wait, or give a reactor that runs in the background by the system's clock.",
        ["ReactorStopped"] = "Start it on another reactor; without -Reactor the session has one.",
        ["ReceiveTimeout"] = "Allow more time with -Timeout, or check whether the peer answers.",
        ["ReplyTooLong"] = "Raise the limit, if there is memory for so much.",
        ["RequestFailed"] = "Correct the request, or the handler that replies.",
        ["RequestTimeout"] = "Allow more time with -Timeout, or look at the log of the topic that is to reply.",
        ["ResolverInvalid"] = "Give addresses such as 127.0.0.1 or ::1.",
        ["RevocationListUnreadable"] = "Give a list (CRL) in PEM or DER.",
        ["SendBufferFull"] = "Wait for OnConnect or OnDrain before more is sent.",
        ["SendFailed"] = "Check the network and the address.",
        ["SendTimeout"] = "Allow more time with -Timeout; the peer does not read.",
        ["ServerNotInMemory"] = "Give the Server of an earlier test connection.",
        ["ServerStopped"] = "Start the server again.",
        ["StillStopping"] = "Wait for it, or end the process; give a pattern that may never end a time limit.",
        ["SubjectInvalid"] = "Give words with dots between, such as orders.new; wildcards are for Register-ReactorTopic.",
        ["TerminalMissing"] = "Run it on Linux with setsid, of the package util-linux, or leave out -Terminal.",
        ["TlsImpossible"] = "Connect with -StartTls, and begin TLS once.",
        ["UsingVariableNotFound"] = "Set the variable before, or correct its name.",
        ["WaitTimeout"] = "Wait longer, or stop what is waited for.",
        ["WouldDeadlock"] = "Do it in Start-Deferred, or go on in another handler.",
        [AmbiguousSuffix] = "Give the number, which is unique.",
        [NotFoundSuffix] = "Check the spelling; what has ended is found by the object itself alone.",
    }.ToFrozenDictionary();

    private static string ActionFor(string id)
    {
        string kind = s_actions.ContainsKey(id) ? id
            : id.EndsWith(NotFoundSuffix, StringComparison.Ordinal) ? NotFoundSuffix
            : AmbiguousSuffix;
        return s_actions[kind];
    }
}
