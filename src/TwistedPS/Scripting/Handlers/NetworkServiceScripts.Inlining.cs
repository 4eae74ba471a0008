using System.Management.Automation;
using TwistedPS.Engine.Streams;
using TwistedPS.Scripting.Inlining;

namespace TwistedPS.Scripting;

internal sealed partial class NetworkServiceScripts<TMessage>
{
    private void RunInlined(InlinedHandler handler, MessageConnection<TMessage> connection, MessageBatch<TMessage> messages)
    {
        ConnectionRecipient<TMessage> recipient = RecipientOf(connection);
        MessageCalls<TMessage> calls = recipient.Calls(messages);
        while (!calls.IsDone)
        {
            try
            {
                HandlerRun run = Host.Begin(recipient);
                run.Output = calls;
                handler.Invoke(calls);
                if (run.Deferreds.Count > 0)
                    recipient.Accept([], run.Deferreds);

                // A handler that returns ends the loop that it is in.
                if (!calls.IsDone)
                    calls.EndCall();
            }
            catch (RuntimeException e) when (calls.IsCalling)
            {
                calls.DropCall();
                Failed(connection.Owner.HandlerOf(messages.Kind).Name, recipient, e);
            }
        }
    }

    private void RunLooped(LoopedHandler handler, MessageConnection<TMessage> connection, MessageBatch<TMessage> messages, object? first)
    {
        ConnectionRecipient<TMessage> recipient = RecipientOf(connection);
        var calls = new LoopedMessages<TMessage>(recipient, connection, messages, handler, first);
        while (!calls.IsDone)
        {
            try
            {
                calls.Run();
            }
            catch (RuntimeException e) when (calls.IsCalling)
            {
                calls.DropCall();
                Failed(connection.Owner.HandlerOf(messages.Kind).Name, recipient, e);
            }
        }
    }
}
