using TwistedPS.Scripting;

namespace TwistedPS.Completers;

/// <summary>A completer of queues: those of the topics of this session.</summary>
public sealed class QueueCompleter : CandidateCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates => Session.Current.Alive<ReactorTopic>()
        .Where(topic => topic.Queue is not null)
        .Select(topic => (topic.Queue!, topic.Description))
        .DistinctBy(candidate => candidate.Item1);
}
