using System.Collections;
using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using TwistedPS.Completers;
using TwistedPS.Engine.Addresses;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Creates a reactor besides the session's own.</summary>
/// <remarks>
/// Whatever is started without -Reactor shares the session's own reactor, so that no two handlers run at once. A reactor of
/// one's own is for handlers in the script's own session (-Foreground), for tests with a fake clock, for names of one's own, or
/// for handlers that should not hold up others. It outputs the reactor, for the -Reactor of other cmdlets. A poller that the
/// system lacks is the error PollerMissing.
/// </remarks>
[Cmdlet(VerbsCommon.New, "Reactor", HelpUri = Pages + "New-Reactor.md")]
[OutputType(typeof(Reactor))]
public sealed class NewReactorCommand : TwistedCommand, IMetricsParameters
{
    /// <summary>Runs handlers in this session, while Wait-Reactor or another cmdlet waits.</summary>
    [Parameter]
    public SwitchParameter Foreground { get; set; }

    /// <summary>Uses a clock for tests, which moves only with Wait-Reactor -Advance (Twisted's task.Clock).</summary>
    [Parameter]
    public SwitchParameter FakeClock { get; set; }

    /// <summary>
    /// The way that the reactor waits for its sockets: Epoll, on Linux only, or Pool; by default Auto, the best one for the
    /// system.
    /// </summary>
    [Parameter]
    public PollerKind Poller { get; set; }

    /// <summary>
    /// The way from names to addresses for all that is on the reactor, in place of the system's: a scriptblock with the parameter
    /// $Name that outputs addresses, or nothing for an unknown name; or a table of names and their addresses.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNull]
    public object? Resolver { get; set; }

    /// <summary>
    /// The port of a page with the metrics of this process for Prometheus, at <c>/metrics</c>, 0 for any free port; none by default.
    /// Servers and reactors with the same port share the page, which is there until the last of them has stopped.
    /// </summary>
    [Parameter]
    [PortTransformation(MayBeZero = true)]
    [ArgumentCompleter(typeof(MetricsPortCompleter))]
    [ValidateRange(0, 65535)]
    public int? MetricsPort { get; set; }

    /// <summary>The IPv4 address that the page of metrics listens on, or a name of it, * for all; 127.0.0.1 by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AddressCompleter))]
    public string MetricsAddress { get; set; } = "127.0.0.1";

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Func<Reactor, NameResolver>? resolver = FindResolver();
        try
        {
            ManualClock? clock = FakeClock ? new ManualClock() : null;
            ReactorHost host = Foreground
                ? new ForegroundReactor(Session, Poller, clock)
                : new BackgroundReactor(Session, Host, Poller, clock);
            if (resolver is not null)
                host.Reactor.Resolver = resolver(host.Reactor);
            OpenMetrics(host);
            WriteObject(host.Reactor);
        }
        catch (Exception e) when (e is PlatformNotSupportedException or SocketException)
        {
            ThrowTerminatingError(Errors.PollerMissing(e));
        }
    }

    private void OpenMetrics(ReactorHost host)
    {
        try
        {
            this.OpenMetrics(host, this)?.EndWith(host.Reactor);
        }
        catch
        {
            host.Shutdown();
            throw;
        }
    }

    private Func<Reactor, NameResolver>? FindResolver()
    {
        switch (Resolver is PSObject wrapped ? wrapped.BaseObject : Resolver)
        {
            case null:
                return null;
            case ScriptBlock script:
                var values = new ScriptValues(leaveSession: true);
                ScriptText text = CaptureOrThrow(values, () => ScriptText.Capture(script, SessionState, values));
                string location = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
                return reactor => new ScriptResolver(text, Session.Resolvers, location, reactor.ReactorLog);
            case IDictionary table:
                var resolver = new TableResolver(ReadTable(table));
                return _ => resolver;
            default:
                ThrowTerminatingError(Errors.InvalidResolver(Resolver, $"'{Resolver}' is no resolver."));
                return null;
        }
    }

    private Dictionary<string, IPAddress[]> ReadTable(IDictionary table)
    {
        var addresses = new Dictionary<string, IPAddress[]>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in table)
            addresses[$"{entry.Key}"] = [.. LanguagePrimitives.ConvertTo<object?[]>(entry.Value).Select(value => ReadAddress($"{entry.Key}", value))];
        return addresses;
    }

    private IPAddress ReadAddress(string name, object? value)
    {
        if (ScriptResolver.AddressOf(value) is { } address)
            return address;
        ThrowTerminatingError(Errors.InvalidResolver(value, $"'{value}' of '{name}' is no IP address."));
        return IPAddress.None;
    }
}
