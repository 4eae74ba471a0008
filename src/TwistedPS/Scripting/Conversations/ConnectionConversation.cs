using System.Buffers;
using System.Management.Automation;
using TwistedPS.Engine.Deferreds;

namespace TwistedPS.Scripting;

/// <summary>The conversation on a connection, from its place in the queue for workers to the close that it ends with.</summary>
/// <typeparam name="TMessage">Lines are strings; data are bytes.</typeparam>
/// <param name="script">The script.</param>
/// <param name="workers">The workers, one of which runs it.</param>
/// <param name="recipient">The recipient of its output and errors.</param>
internal sealed class ConnectionConversation<TMessage>(
    ConversationScript script, WorkerPool workers, ConnectionRecipient<TMessage> recipient) : ConversationWork(script)
{
    private const string Name = "Conversation";

    private readonly MessageConnection<TMessage> _connection = (MessageConnection<TMessage>)recipient.Connection;
    private bool _isDone;

    public override Connection Connection => _connection;

    /// <summary>Gives it to the workers. The connection stays open until it has ended. On the reactor's thread only.</summary>
    /// <returns>False if it has to wait for a worker.</returns>
    public bool Begin()
    {
        _connection.OpenInbox();
        _connection.Hold();
        _connection.Closing += Closing;
        _connection.Ended += Ended;
        return workers.Add(new WorkItem(this, Complete, () => { }, IsDetached: false), recipient);
    }

    public override bool StreamsBytes => Format.StreamsBytes;

    public override bool WaitsForMore(PSObject output) => Format.WaitsForMore(output);

    public override ReadOnlyMemory<byte> Encode(IEnumerable<PSObject?> output, out int messages)
    {
        var buffer = new ArrayBufferWriter<byte>();
        messages = 0;
        foreach (TMessage message in Format.Messages(output))
        {
            if (_connection.Format.Refuse(message) is { } error)
                throw new RuntimeException(error.Message, error, Errors.MessageRefused(error, _connection));
            messages += _connection.Format.Write(buffer, message);
        }

        return buffer.WrittenMemory;
    }

    public override void SendLater(Deferred deferred) => Reactor.Post(() => recipient.Accept([], [deferred]));

    private OutputFormat<TMessage> Format => recipient.Scripts.Format;

    private Reactor Reactor => _connection.Owner.Reactor;

    private bool IsServing => _connection.Owner is Server { Status: ServerStatus.Running };

    // While the server stops, the end of its drain time is the end of the connection.
    private void Closing()
    {
        if (workers.Withdraw(this))
            Finish(null);
        else if (IsServing)
            GiveUpAfter(_connection.Owner.Options.DrainTime);
    }

    private void Ended()
    {
        if (!workers.Withdraw(this))
            GiveUpAfter(IsServing ? _connection.Owner.Options.DrainTime : TimeSpan.Zero);
    }

    /// <summary>Stops it, unless it ends by itself, as its cmdlets fail from now on.</summary>
    private void GiveUpAfter(TimeSpan time)
    {
        if (time == TimeSpan.Zero)
            workers.GiveUp(this);
        else
            Task.Delay(time).ContinueWith(_ => GiveUp(), TaskScheduler.Default);
    }

    private void GiveUp()
    {
        if (!Volatile.Read(ref _isDone))
            workers.GiveUp(this);
    }

    private void Complete(Outcome outcome)
    {
        Volatile.Write(ref _isDone, true);
        Reactor.Post(() => Finish(outcome.Error));
    }

    /// <summary>Closes the connection after all that was sent. On the reactor's thread only.</summary>
    private void Finish(Exception? error)
    {
        _connection.Closing -= Closing;
        _connection.Ended -= Ended;
        if (error is not (null or DeferredCancelledException) && !Errors.IsConversationEnded(error, _connection))
        {
            recipient.Failed(Name, error);
            _connection.Close(CloseReason.HandlerError, error);
        }

        _connection.Close();
        _connection.Release();
    }
}
