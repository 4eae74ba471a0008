using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Streams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Outputs lines that a line client, or in a conversation the peer, has sent, and waits for more if needed.</summary>
/// <remarks>
/// <para>Lines that have arrived are output at once, the oldest first; if there are too few, the cmdlet waits for more and outputs
/// each as it arrives. If the connection ends first, what has arrived is output and the error is NotConnected. A client that
/// was given -OnLine has no lines to receive.</para>
/// <para>In the scriptblock of Start-LineServer -Conversation it receives what the peer sends, and the first argument is a prompt for
/// the peer. There the end of the peer's lines (ConversationEnded) and a time-out (ReceiveTimeout) end the conversation, unless they are
/// caught.</para>
/// </remarks>
[Cmdlet(VerbsCommunications.Receive, "Line", DefaultParameterSetName = OfConversation, HelpUri = Pages + "Receive-Line.md")]
[OutputType(typeof(string))]
public sealed class ReceiveLineCommand : LineReceivingCommand
{
    private const string OfConversation = "Conversation";
    private const string OfClient = "Client";

    private readonly Sender _sender;

    /// <summary>Creates the cmdlet.</summary>
    public ReceiveLineCommand() => _sender = new Sender(this);

    /// <summary>The clients, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = OfClient)]
    [ShownAs<LineClient>]
    [LineSourceTransformation]
    [ArgumentCompleter(typeof(ServiceCompleter<LineClient>))]
    public Alive<LineClient>[] Client { get; set; } = [];

    /// <summary>
    /// In a conversation: text to send first, without the end of a line, such as 'name? '; none by default. Elsewhere it is the name of
    /// a client.
    /// </summary>
    [Parameter(Position = 0, ParameterSetName = OfConversation)]
    [ArgumentCompleter(typeof(ServiceCompleter<LineClient>))]
    [AllowEmptyString]
    public string? Prompt { get; set; }

    /// <summary>Goes on until the connection ends or Ctrl+C is pressed.</summary>
    [Parameter]
    public SwitchParameter Follow { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        ConversationWork? conversation = ConversationWork.Current;
        if (ParameterSetName == OfClient && !IsOfPeer(conversation))
            ReceiveFrom(Client);
        else if (conversation?.SourceOf<string>() is { } peer)
            ReceiveFrom(conversation, peer);
        else if (Prompt is not null && conversation is null)
            ReceiveFromNamed(Prompt);
        else
            ThrowTerminatingError(Errors.ConversationMissing(CommandName, nameof(Client), " of lines"));
    }

    /// <summary>Receives from a client by its name, or says that a prompt is for conversations.</summary>
    private void ReceiveFromNamed(string name)
    {
        // A question mark, or the brackets of a choice, may be what makes it a pattern, and that matches nothing without an error.
        bool isText = name.Contains(' ') || !name.Contains('*');
        if (isText && LiveKinds.Services<LineClient>().Find(Session, name).Length == 0)
            WriteError(Errors.NotFound(LiveKinds.Services<LineClient>().Noun, name, "Only in a conversation the first argument is a prompt; Get-LineClient lists the clients."));
        else
            ReceiveFrom([new Alive<LineClient>(name)]);
    }

    private bool IsOfPeer(ConversationWork? conversation) =>
        conversation is not null && Client.Any(client => client.Identity == conversation.Connection);

    private void ReceiveFrom(Alive<LineClient>[] clients)
    {
        foreach (LineClient client in this.Find(clients))
            ReceiveLines(client, Follow);
    }

    private void ReceiveFrom(ConversationWork conversation, IMessageSource<string> peer)
    {
        conversation.SendOutput();
        if (!string.IsNullOrEmpty(Prompt) && _sender.TryFind(conversation.Connection, _ => true))
            _sender.Send(peer.Format.Encoding.GetBytes(Prompt), messages: 0, Timeout);
        ReceiveLines(peer, Follow);
    }
}
