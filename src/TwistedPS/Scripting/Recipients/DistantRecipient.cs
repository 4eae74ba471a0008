using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>
/// A recipient as what it starts elsewhere sees it: from another reactor, or from a script beside its own. Output and errors reach
/// it by the queue of its reactor. It holds up no close, since it may close before it hears of a new service.
/// </summary>
internal sealed class DistantRecipient : Recipient
{
    private readonly Recipient _recipient;
    private readonly Reactor _home;

    private DistantRecipient(Recipient recipient) => (_recipient, _home) = (recipient, recipient.Reactor);

    /// <summary>Returns a recipient for use elsewhere.</summary>
    public static DistantRecipient Of(Recipient recipient) => recipient as DistantRecipient ?? new DistantRecipient(recipient);

    // Those of the recipient are for handlers on its own reactor, one of which may run.
    public override IEnumerable<PSVariable> Variables =>
        [new PSVariable("Connection", _recipient.Connection), new PSVariable(Service is Server ? "Server" : "Client", Service)];

    public override Service Service => _recipient.Service;

    public override Reactor Reactor => _home;

    public override object Destination => _recipient.Destination;

    /// <summary>Whether it has a connection; the reply to a request may be over before anything arrives.</summary>
    public override bool TakesAnswers => _recipient is { TakesAnswers: true, Connection: not null };

    public override bool OwnsWhatItStarts => _recipient.OwnsWhatItStarts;

    public override bool HasEnded => _recipient.HasEnded;

    public override event Action? Ended
    {
        add => _recipient.Ended += value;
        remove => _recipient.Ended -= value;
    }

    public override void Send(IEnumerable<PSObject?> output) => Accept(output, []);

    public override void Failed(string handler, Exception error) => _home.Post(() => _recipient.Failed(handler, error));

    public override void Accept(IEnumerable<PSObject?> output, IEnumerable<Deferred> deferreds)
    {
        PSObject?[] items = [.. output];
        Deferred[] later = [.. deferreds];
        if (items.Length + later.Length > 0)
            _home.Post(() => AcceptHere(items, later));
    }

    public override void Own(Service service, bool isAnswer)
    {
        if (!OwnsWhatItStarts)
            return;
        Action end = service.Dispose;
        CancellationTokenRegistration homeless = _home.Loop.Ended.Register(end);
        _home.Post(() =>
        {
            Ended += end;
            EndIfOver(end);
        });
        service.Ended += () =>
        {
            homeless.Unregister();
            _home.Post(() => Ended -= end);
        };
    }

    /// <summary>Ends what was just started for it, if it has ended meanwhile.</summary>
    public void EndIfOver(Action end) => _home.Do(() =>
    {
        if (HasEnded)
            end();
    });

    private void AcceptHere(PSObject?[] items, Deferred[] deferreds)
    {
        try
        {
            _recipient.Accept(items, deferreds);
        }
        catch (RuntimeException e)
        {
            _recipient.Failed("Output", e);
        }
    }
}
