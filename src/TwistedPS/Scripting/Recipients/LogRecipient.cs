using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>A service itself: the output of handlers called for no connection goes to its log.</summary>
internal sealed class LogRecipient(Scripts scripts, Service owner) : Recipient
{
    public override IEnumerable<PSVariable> Variables => [];

    public override Service Service => owner;

    public override object Destination => owner;

    public override bool TakesAnswers => false;

    public override bool OwnsWhatItStarts => owner.OwnsWhatItStarts;

    public override event Action? Ended
    {
        add => owner.Ended += value;
        remove => owner.Ended -= value;
    }

    public override void Send(IEnumerable<PSObject?> output)
    {
        foreach (string line in LineOutput.Instance.Messages(output))
            owner.ReactorLog.Add(LogLevel.Information, $"{owner.CurrentReactor.Watch.Current?.Handler.Name}: {line}");
    }

    public override void Failed(string handler, Exception error)
    {
        owner.AddError(handler, null, error);
        scripts.Report($"{handler} of {owner}", error);
    }
}
