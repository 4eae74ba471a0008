using TwistedPS.Scripting;

namespace TwistedPS.Completers;

/// <summary>A completer of ports of pages with metrics: the usual one, those of the pages of this session, and any free one.</summary>
public sealed class MetricsPortCompleter : CandidateCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates =>
    [
        ("9464", "The usual port of metrics for Prometheus"),
        .. Open.Where(it => it.Port is not (null or 9464)).Select(it => ($"{it.Port}", $"The page of {it.User}, to share")).DistinctBy(it => it.Item1),
        ("0", "Any free port"),
    ];

    private static IEnumerable<(int? Port, object User)> Open =>
    [
        .. Session.Current.Alive<Service>().Select(service => (service.MetricsPagePort, (object)service)),
        .. Session.Current.Hosts.Select(host => (host.Reactor.MetricsPort, (object)host.Reactor)),
    ];
}
