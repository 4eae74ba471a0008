namespace TwistedPS.Completers;

/// <summary>A completer of the usual names of protocols to agree on in TLS (ALPN).</summary>
public sealed class ApplicationProtocolCompleter : CandidateCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates =>
        [
            ("http/1.1", "HTTP/1.1"),
            ("h2", "HTTP/2"),
            ("imap", "IMAP"),
            ("pop3", "POP3"),
            ("managesieve", "ManageSieve"),
            ("mqtt", "MQTT"),
            ("irc", "IRC"),
            ("xmpp-client", "XMPP, of a client"),
            ("xmpp-server", "XMPP, between servers"),
            ("ftp", "FTP"),
            ("dot", "DNS over TLS"),
            ("postgresql", "PostgreSQL"),
        ];
}
