using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Groups;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Makes this process a node of a cluster: topics, and servers of the same name, then reach all of its nodes.</summary>
/// <remarks>
/// <para>The nodes of a cluster are the processes that join it by the same name at the same broker: a NATS server, for which
/// the module TwistedPS.Nats must be installed beside this one, or a Redis server, for which TwistedPS.Redis. What is
/// registered before or after gets the messages of all nodes. Send-Line and Send-TcpData to a -Server that was given a -Name, or to one of its groups, reach the connections of the
/// servers of that kind and name on all nodes.</para>
/// <para>A connection that is lost is made again by itself, with all subscriptions; a warning says so. What is sent meanwhile
/// is not kept. It outputs the cluster; there is one for a process, whatever number of sessions it has.</para>
/// <para>Errors: BrokerInvalid, BackplaneMissing, BrokerUnreachable, BrokerRefused, AlreadyJoined; all of them end the
/// cmdlet.</para>
/// </remarks>
[Cmdlet(VerbsCommon.Join, "ReactorCluster", HelpUri = Pages + "Join-ReactorCluster.md")]
[OutputType(typeof(ReactorCluster))]
public sealed class JoinReactorClusterCommand : TwistedCommand
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The address of the broker: nats://host, or tls://host to encrypt, with :port unless it is 4222; redis://host, or
    /// rediss://host to encrypt, with :port unless it is 6379. A user and password, or a token or password alone, may be before
    /// the host, as in nats://user:password@host.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(BrokerCompleter))]
    [ValidateNotNullOrEmpty]
    public string Broker { get; set; } = "";

    /// <summary>The name of the cluster, which keeps several at one broker apart; twistedps by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "twistedps";

    /// <summary>The user and password for the broker; none by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <summary>The longest time to wait for the broker; 10 s by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    [Alias("TimeoutSec", "TimeoutSeconds")]
    public TimeSpan Timeout { get; set; } = s_timeout;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ReactorCluster.WhyInvalid(Name) is { } why)
            ThrowTerminatingError(Errors.ClusterNameInvalid(Name, why));
        BrokerPlace place = ReadPlace();
        if (!ReactorCluster.Current.IsAlone)
            ThrowTerminatingError(Errors.AlreadyJoined(ReactorCluster.Current));
        IBackplaneProvider? provider = BackplanePackages.Load(BackplanePackages.NameFor(place.Scheme)!);
        if (provider is null)
            ThrowTerminatingError(Errors.BackplaneMissing(BackplanePackages.NameFor(place.Scheme)!, BrokerAddress.Hide(Broker)));
        Join(Connect(provider!, place));
    }

    private void Join(IBackplane backplane)
    {
        Session session = Session;
        string name = Name;
        backplane.ConnectionChanged += isConnected => session.Warn(isConnected
            ? $"The broker {backplane.Address} of cluster {name} is back."
            : $"The broker {backplane.Address} of cluster {name} is lost; what is sent reaches no other node until it is back.");
        if (!ReactorCluster.Current.Join(Name, backplane))
        {
            backplane.Dispose();
            ThrowTerminatingError(Errors.AlreadyJoined(ReactorCluster.Current));
        }

        this.Flush(Session.GetDefault(Host));
        WriteObject(ReactorCluster.Current);
    }

    private IBackplane Connect(IBackplaneProvider provider, BrokerPlace place)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(CancelToken);
        limit.CancelAfter(Timeout);
        Task<IBackplane> connecting = Task.Run(() => provider.ConnectAsync(place, limit.Token));
        try
        {
            return WaitFor(Session.GetDefault(Host), connecting, $"Joining {BrokerAddress.Hide(Broker)}", "Join before the server starts.");
        }
        catch (PipelineStoppedException)
        {
            // It may have connected at the same moment.
            _ = connecting.ContinueWith(done => done.Result.Dispose(), default, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
        catch (BackplaneException e)
        {
            ThrowTerminatingError(Errors.BackplaneFailed(e, $"{place.Scheme}://{place.Host}"));
            throw;
        }
        catch (OperationCanceledException e)
        {
            string message = $"The broker at {place.Host} has not answered within {Timeout.TotalSeconds:0.###} s.";
            ThrowTerminatingError(Errors.BackplaneFailed(new BackplaneException(BackplaneFault.Unreachable, message, e), $"{place.Scheme}://{place.Host}"));
            throw;
        }
    }

    private BrokerPlace ReadPlace()
    {
        if (BrokerAddress.TryRead(Broker, out Uri? uri) is { } why)
            ThrowTerminatingError(Errors.BrokerInvalid(BrokerAddress.Hide(Broker), why));
        string[] parts = [.. uri!.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString)];
        return new BrokerPlace(uri.Scheme, uri.Host, uri.Port)
        {
            User = Credential?.UserName ?? (parts is [{ Length: > 0 } user, _] ? user : null),
            Password = Credential?.GetNetworkCredential().Password ?? (parts[^1].Length > 0 ? parts[^1] : null),
            Node = ReactorCluster.Current.Node,
        };
    }
}
