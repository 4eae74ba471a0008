using System.Net.NetworkInformation;

namespace TwistedPS.Completers;

/// <summary>A completer of the names of network interfaces.</summary>
public sealed class InterfaceCompleter : CandidateCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates =>
        NetworkInterface.GetAllNetworkInterfaces().Select(it => (it.Name, it.Description));
}
