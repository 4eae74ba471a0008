namespace TwistedPS.Completers;

/// <summary>A completer of addresses of brokers: those of this machine, for others to be written in their place.</summary>
public sealed class BrokerCompleter : CandidateCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates =>
        [
            ("nats://localhost:4222", "NATS"),
            ("redis://localhost:6379", "Redis"),
            ("tls://localhost:4222", "NATS, encrypted"),
            ("rediss://localhost:6379", "Redis, encrypted"),
        ];
}
