using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Ends topics; the handlers of what has arrived have up to -DrainTime to end.</summary>
/// <remarks>
/// No further message arrives; those that wait for the handler already are still handled, and requests answered. It outputs
/// nothing; a topic that has ended already is no error. A handler that can't be interrupted is the error StillStopping.
/// </remarks>
[Cmdlet(VerbsLifecycle.Unregister, "ReactorTopic", SupportsShouldProcess = true, HelpUri = Pages + "Unregister-ReactorTopic.md")]
public sealed class UnregisterReactorTopicCommand : StopServiceCommand<ReactorTopic>
{
    /// <summary>The topics, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<ReactorTopic>]
    [ArgumentCompleter(typeof(ServiceCompleter<ReactorTopic>))]
    [AllowEmptyCollection]
    public Alive<ReactorTopic>[] Topic { get; set; } = [];

    private protected override Alive<ReactorTopic>[] Services => Topic;
}
