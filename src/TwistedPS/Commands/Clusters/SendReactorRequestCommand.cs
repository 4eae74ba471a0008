using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Groups;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Sends a request to a subject, and outputs the reply of one topic.</summary>
/// <remarks>
/// <para>The request and the reply are text, bytes or objects as with Publish-ReactorMessage; a reply that is an array is
/// output item by item. All topics of the subject get the request, and the first reply counts; topics of one queue share the
/// requests. Ctrl+C ends the wait.</para>
/// <para>In a handler it does not wait: it outputs a deferred for the reply, which is the handler's answer if it is output.
/// </para>
/// <para>The error is NoResponder where nobody has registered a topic, RequestFailed where its handler has failed, and
/// RequestTimeout beyond -Timeout; none of them ends the cmdlet.</para>
/// </remarks>
[Cmdlet(VerbsCommunications.Send, "ReactorRequest", HelpUri = Pages + "Send-ReactorRequest.md")]
[OutputType(typeof(object))]
public sealed class SendReactorRequestCommand : TwistedCommand
{
    /// <summary>The subject, such as price.of.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(SubjectCompleter))]
    [ValidateNotNullOrEmpty]
    public string Subject { get; set; } = "";

    /// <summary>The requests, each sent when the one before has its reply; one of $null by default.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Message { get; set; }

    /// <summary>The longest time to wait for a reply, in a handler by the clock of its reactor; 5 s by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    [Alias("TimeoutSec", "TimeoutSeconds")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The reactor to wait on; by default the session's own, or in a handler the one that runs it.</summary>
    [Parameter]
    [ShownAs<Reactor>]
    [ArgumentCompleter(typeof(ReactorCompleter))]
    [ValidateNotNull]
    public Alive<Reactor>? Reactor { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        this.RefuseSubject(Subject);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (FindHost(Reactor) is not { } host)
            return;
        try
        {
            Payload request = TopicContent.Encode(Message);
            if (host.Reactor.IsCurrent)
                WriteObject(Send(host.Reactor, request));
            else
                Await(host, request);
        }
        catch (BackplaneException e)
        {
            WriteError(Errors.BackplaneFailed(e, Subject));
        }
    }

    // The reactor may be held by a handler, which must not hold up the end of the time.
    private void Await(ReactorHost host, Payload request)
    {
        using var over = new CancellationTokenSource();
        try
        {
            Task<Payload> reply = ReactorCluster.Current.Requests.SendAsync(Subject, request, over.Token);
            WaitFor(host, reply.WaitAsync(host.Reactor.Loop.Ended), Timeout, $"Asking {Subject}", "");
            if (reply.IsCompletedSuccessfully)
                Write(reply.Result);
            else if (host.Reactor.IsStopped)
                WriteError(Errors.ReactorStopped(host.Reactor));
            else
                WriteError(Errors.RequestTimeout(Subject, Timeout));
        }
        finally
        {
            over.Cancel();
        }
    }

    private void Write(Payload reply)
    {
        try
        {
            if (HasFailed(reply))
                WriteError(Errors.RequestFailed(Subject, reply));
            else if (TopicContent.Decode(reply) is var content)
                WriteObject(content, enumerateCollection: content is object[]);
        }
        catch (InvalidMessageException e)
        {
            WriteError(Errors.JsonInvalid(e, reply.Bytes.ToArray()));
        }
    }

    private Deferred Send(Reactor reactor, Payload request)
    {
        Deferred reply = ReactorCluster.Current.Requests.Send(reactor, Subject, request, Timeout, $"{CommandName} {Subject}");
        reply.AddCallbacks(
            result => ContentOf((Payload)result!),
            error => throw (error is TimeoutException ? Errors.ExceptionOf(Errors.RequestTimeout(Subject, Timeout)) : error));
        return reply;
    }

    private object? ContentOf(Payload reply)
    {
        if (HasFailed(reply))
            throw Errors.ExceptionOf(Errors.RequestFailed(Subject, reply));
        try
        {
            return TopicContent.Decode(reply);
        }
        catch (InvalidMessageException e)
        {
            throw Errors.ExceptionOf(Errors.JsonInvalid(e, reply.Bytes.ToArray()));
        }
    }

    private static bool HasFailed(Payload reply) => reply.Kind is PayloadKind.Error or PayloadKind.NoResponder;
}
