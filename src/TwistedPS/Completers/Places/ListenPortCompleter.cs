using TwistedPS.Engine.Addresses;

namespace TwistedPS.Completers;

/// <summary>A completer of ports to listen on: any free one, and well-known ones, those that anybody may use first.</summary>
public sealed class ListenPortCompleter : CandidateCompleter
{
    private const int FirstForAnybody = 1024;

    internal override IEnumerable<(string Text, string Description)> Candidates => Ports;

    internal static IEnumerable<(string Text, string Description)> Ports => WellKnownPorts.All
        .OrderBy(known => known.Port < FirstForAnybody)
        .Select(known => ($"{known.Port}", known.Description))
        .Prepend(("0", "Any free port"));
}
