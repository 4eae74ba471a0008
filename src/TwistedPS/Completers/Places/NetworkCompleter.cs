using System.Net.NetworkInformation;
using TwistedPS.Engine.Policies;

namespace TwistedPS.Completers;

/// <summary>A completer of ranges of addresses: those of this machine's networks, and well-known ones.</summary>
public sealed class NetworkCompleter : CandidateCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates =>
        NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(card => card.GetIPProperties().UnicastAddresses, (card, own) =>
                ($"{AddressRange.Around(own.Address, own.PrefixLength)}", $"The network of {card.Name}"))
            .Concat(
            [
                ("127.0.0.0/8", "This machine"),
                ("::1/128", "This machine, IPv6"),
                ("10.0.0.0/8", "Private networks"),
                ("172.16.0.0/12", "Private networks"),
                ("192.168.0.0/16", "Private networks"),
                ("fc00::/7", "Private networks, IPv6"),
                ("fe80::/10", "The local link, IPv6"),
            ])
            .DistinctBy(((string Text, string Description) candidate) => candidate.Text);
}
