using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Groups;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Sends messages to all topics of a subject: in this process, and on all nodes of the cluster it has joined.</summary>
/// <remarks>
/// <para>Each object is a message. Text arrives as text, an array of bytes as bytes, and any other object as JSON, of which
/// the handlers get what ConvertFrom-Json makes.</para>
/// <para>It outputs nothing, and does not wait for handlers; where there is a broker, it waits until that has the messages,
/// except in a handler. A message arrives at most once: it is no error that nobody has registered a topic for it. While the
/// broker can't be reached the error is BrokerUnreachable, and the message is not sent; it is the error as well if the broker
/// falls silent meanwhile, and some of the messages may then have arrived.</para>
/// </remarks>
[Cmdlet(VerbsData.Publish, "ReactorMessage", HelpUri = Pages + "Publish-ReactorMessage.md")]
public sealed class PublishReactorMessageCommand : TwistedCommand
{
    /// <summary>The subject, such as orders.new.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(SubjectCompleter))]
    [ValidateNotNullOrEmpty]
    public string Subject { get; set; } = "";

    /// <summary>The messages: text, bytes, or other objects. A pipeline unrolls arrays, so bytes go in with a comma: ,$bytes.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Message { get; set; }

    private bool _hasPublished;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        this.RefuseSubject(Subject);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            ReactorCluster.Current.Publish(Subject, TopicContent.Encode(Message));
            _hasPublished = true;
        }
        catch (BackplaneException e)
        {
            WriteError(Errors.BackplaneFailed(e, Subject));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        ReactorCluster cluster = ReactorCluster.Current;
        if (cluster.Broker is { } broker && !this.Flush(Session.GetDefault(Host)) && _hasPublished)
            WriteError(Errors.BackplaneFailed(BackplaneException.Unconfirmed(broker), Subject));
    }
}
