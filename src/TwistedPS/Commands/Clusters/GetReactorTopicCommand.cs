using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the registered topics of this session.</summary>
/// <remarks>
/// It outputs the topics, oldest first: live objects, whose Messages counts the calls of the handler. A name or number that no
/// topic has is an error, ReactorTopicNotFound, which does not end the cmdlet; a wildcard that matches none is not. The topics
/// of other nodes are not listed.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "ReactorTopic", DefaultParameterSetName = ByName, HelpUri = Pages + "Get-ReactorTopic.md")]
[OutputType(typeof(ReactorTopic))]
public sealed class GetReactorTopicCommand : GetServiceCommand<ReactorTopic>
{
    /// <summary>The names of the topics, with wildcards; all by default.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceCompleter<ReactorTopic>))]
    public override string[] Name { get; set; } = ["*"];
}
