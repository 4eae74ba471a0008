using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Rates;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>The base of the cmdlets that measure what is alive.</summary>
public abstract class RateCommand : TwistedCommand
{
    private readonly List<Service> _services = [];
    private readonly List<Reactor> _reactors = [];
    private readonly RateSampler _sampler = new(TimeProvider.System);
    private bool _isFiltered;

    /// <summary>
    /// The servers, clients, timers or processes, or their names; all that is alive by default. A reactor from the pipeline stands
    /// for all that is on it.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ShownAs<Service>]
    [ArgumentCompleter(typeof(ServiceCompleter<Service>))]
    [AllowEmptyCollection]
    [ValidateNotNull]
    public Alive<Service>[]? Service { get; set; }

    /// <summary>The reactors, or their numbers, on which all is measured; all of this session by default.</summary>
    [Parameter]
    [ShownAs<Reactor>]
    [ArgumentCompleter(typeof(ReactorCompleter))]
    [ValidateNotNull]
    public Alive<Reactor>[]? Reactor { get; set; }

    /// <summary>The live reactors that are measured.</summary>
    private protected Reactor[] Reactors => _isFiltered
        ? [.. _reactors.Concat(_services.SelectMany(service => service.Reactors)).Distinct().Where(reactor => !reactor.IsStopped)]
        : [.. LiveKinds.Reactors.Alive(Session)];

    /// <summary>Whether there is something to measure: without a filter there may be later, what was given may have ended.</summary>
    private protected bool HasTargets =>
        !_isFiltered || _services.Exists(service => !service.Completion.IsCompleted) || _reactors.Exists(reactor => !reactor.IsStopped);

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Session.CurrentHost is not null)
            ThrowTerminatingError(Errors.WouldDeadlock(CommandName, "Use it at the prompt, or in another session."));
        _isFiltered = MyInvocation.ExpectingInput || Service is not null || Reactor is not null;
        if (Reactor is not null)
            _reactors.AddRange(this.Find(LiveKinds.Reactors, Reactor));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (object given in Service?.SelectMany(one => one.Identities) ?? [])
        {
            if (given is Reactor reactor)
                _reactors.Add(reactor);
            else
                _services.AddRange(this.Find([new Alive<Service>(given)]));
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _sampler.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Throws unless a time is longer than none.</summary>
    private protected void RequireTime(TimeSpan time, string parameter)
    {
        if (time <= TimeSpan.Zero)
            ThrowTerminatingError(Errors.IntervalInvalid(time, parameter));
    }

    /// <summary>Returns the rates since the last look; the first one has none.</summary>
    private protected RateSample Look()
    {
        Reactor[] reactors = Reactors;
        IEnumerable<Reactor> all = _isFiltered ? reactors.Intersect(_reactors) : reactors;
        return _sampler.Sample(reactors, [.. _services.Concat(all.SelectMany(reactor => reactor.Services)).Distinct()]);
    }

    /// <summary>Returns the logs of what is measured.</summary>
    private protected IEnumerable<LogEntry[]> Logs => _isFiltered
        ? _services.Select(service => service.Log).Concat(_reactors.Select(reactor => reactor.Log))
        : Reactors.Select(reactor => reactor.Log);
}
