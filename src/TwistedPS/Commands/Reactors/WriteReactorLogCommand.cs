using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Writes to the log (Twisted's log.msg): in a handler, that of its service, under its connection; elsewhere, that of the
/// given services or of the session's reactor.
/// </summary>
/// <remarks>
/// Entries have the time, a level, and the source: the name of a service and, in a handler, the number and address of the
/// connection. Get-ReactorLog outputs them, and -LogPath of the cmdlets that start something writes them to a file, a line
/// each. It outputs nothing. A name or number that nothing has is an error, ServiceNotFound, which does not end the cmdlet.
/// </remarks>
[Cmdlet(VerbsCommunications.Write, "ReactorLog", HelpUri = Pages + "Write-ReactorLog.md")]
public sealed class WriteReactorLogCommand : TwistedCommand
{
    private Service[]? _services;

    /// <summary>The objects to write, an entry each.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object?[]? Message { get; set; }

    /// <summary>The level of the entries: Debug, Information, Warning or Error; Information by default.</summary>
    [Parameter]
    public LogLevel Level { get; set; } = LogLevel.Information;

    /// <summary>
    /// The servers, clients, timers or processes to whose logs to write, or their numbers or names; by default what the handler
    /// that calls this belongs to, or at the prompt the session's reactor.
    /// </summary>
    [Parameter]
    [ShownAs<Service>]
    [ArgumentCompleter(typeof(ServiceCompleter<Service>))]
    [ValidateNotNull]
    public Alive<Service>[]? Service { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _services = Service is null ? null : this.Find(Service);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (object? item in Message ?? [])
        {
            if (item is not null)
                Write(LanguagePrimitives.ConvertTo<string>(item));
        }
    }

    private void Write(string message)
    {
        foreach (Service service in _services ?? [])
            service.LogInOrder(Level, message);
        if (_services is not null)
            return;
        ReactorHost host = Session.GetDefault(Host);
        if (ConversationWork.Current is { } conversation)
            conversation.Connection.Log(Level, message);
        else if (host.CurrentRecipient is { Target: { } target })
            target.Log(Level, message);
        else if (host.Reactor.IsCurrent && host.Reactor.Watch.Current?.Handler.Owner is { } owner)
            owner.LogInOrder(Level, message);
        else
            host.Reactor.ReactorLog.Add(Level, message);
    }
}
