using TwistedPS.Engine.Groups;
using TwistedPS.Scripting;

namespace TwistedPS.Completers;

/// <summary>A completer of subjects: those of the topics of this session that have no wildcards.</summary>
public sealed class SubjectCompleter : CandidateCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates => Session.Current.Alive<ReactorTopic>()
        .Where(topic => !Subjects.IsPattern(topic.Subject))
        .Select(topic => (topic.Subject, topic.Description))
        .DistinctBy(candidate => candidate.Subject);
}
