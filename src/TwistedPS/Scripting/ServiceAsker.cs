using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>A service itself: what handlers output that are called for no connection goes to its log.</summary>
internal sealed class ServiceAsker(ReactorHost host, Service service) : Asker
{
    public override IEnumerable<PSVariable> Variables => [];

    public override Service Service => service;

    public override event Action? Ended
    {
        add => service.Ended += value;
        remove => service.Ended -= value;
    }

    public override void Send(IEnumerable<PSObject?> output)
    {
        foreach (PSObject? item in output)
            service.ReactorLog.Add(LogLevel.Information, $"{service.Reactor.Watch.Current?.Name}: {item}");
    }

    public override void Failed(string handler, Exception error)
    {
        service.AddError(handler, null, error);
        host.Report(Errors.RecordOf(error));
    }
}
