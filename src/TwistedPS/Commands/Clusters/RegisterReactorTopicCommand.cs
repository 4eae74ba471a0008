using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Clusters;
using TwistedPS.Engine.Groups;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Calls a scriptblock with each message that is published to a subject, and answers requests with its output.</summary>
/// <remarks>
/// <para>A subject is words with dots between, such as orders.new. In the subject of a topic, * is any one word, and > at the
/// end any words, one at least. The messages come from this process, and from all nodes once Join-ReactorCluster has joined
/// others: each at most once, and those of one sender in the order in which it has sent them.</para>
/// <para>What the handler outputs is the reply to a request: several objects as an array, and the results of deferreds when
/// they are there. For other messages the output goes to the log. A handler that throws goes on with the next message; whoever
/// has sent a request gets the error. The topics of a queue share the messages: each goes to one of them, wherever it is.</para>
/// <para>A topic that a handler registers gives its output to that handler's connection, and ends with it. It outputs the
/// topic.</para>
/// </remarks>
[Cmdlet(VerbsLifecycle.Register, "ReactorTopic", HelpUri = Pages + "Register-ReactorTopic.md")]
[OutputType(typeof(ReactorTopic))]
public sealed class RegisterReactorTopicCommand : ServiceCommand
{
    /// <summary>The subject of the messages, such as orders.new or orders.*.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(SubjectCompleter))]
    [ValidateNotNullOrEmpty]
    public string Subject { get; set; } = "";

    /// <summary>
    /// Called with each message; $_ is the text, bytes or object, $Subject the subject that it was published to, and $Topic the
    /// topic.
    /// </summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNull]
    public ScriptBlock? OnMessage { get; set; }

    /// <summary>
    /// A name without blanks that topics on any nodes share, so that each message goes to one of them; none by default.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(QueueCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Queue { get; set; }

    /// <summary>A name for lists and the log; the subject by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNullOrEmpty]
    public override string? Name { get; set; }

    /// <summary>
    /// Lets the topic go on when the connection has ended whose handler calls this; its output then goes to its log.
    /// </summary>
    [Parameter]
    public SwitchParameter Detached { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        this.RefuseSubject(Subject, isPattern: true);
        if (Queue is not null && Subjects.WhyInvalid(Queue) is { } why)
            ThrowTerminatingError(Errors.QueueInvalid(Queue, why));
        if (FindHost(Reactor) is not { } host)
            return;
        HandlerScope scope = host.CreateInnerScope(SessionState);
        var scripts = new TopicScripts(host, scope)
        {
            Initialization = Starter.CaptureInitialization(scope),
            StartedFor = Detached ? null : Session.StarterOn(host),
            OnMessage = Starter.Capture(scope, OnMessage),
        };
        var topic = new ReactorTopic(host.Reactor, new ReactorTopicOptions { Name = Name, Subject = Subject, Queue = Queue }, scripts);
        Starter.Start(host, topic, () =>
        {
            scripts.Initialize();
            topic.Start();
            scripts.StartedFor?.Own(topic, isAnswer: false);
        });
        this.Flush(host);
        WriteObject(topic);
    }
}
