using System.Management.Automation;
using TwistedPS.Engine.Addresses;
using TwistedPS.Engine.Services;

namespace TwistedPS.Formatting;

/// <summary>
/// Where services and connections are, for the views of <c>*.Format.ps1xml</c>: an address, or what stands for it. In a table
/// of another kind, which also shows them, the kind is before it.
/// </summary>
public static class Whereabouts
{
    private static readonly Dictionary<string, string> s_words = new(StringComparer.Ordinal)
    {
        [nameof(LineServer)] = "line ",
        [nameof(DataServer)] = "tcp ",
        [nameof(DatagramServer)] = "udp ",
        [nameof(HttpServer)] = "http ",
        [nameof(LineClient)] = "to ",
        [nameof(DataClient)] = "tcp to ",
        [nameof(DatagramClient)] = "udp to ",
        [nameof(LineConnection)] = "from ",
        [nameof(DataConnection)] = "from ",
    };

    /// <summary>Returns the place of a service or connection.</summary>
    /// <param name="it">The service or connection.</param>
    /// <param name="kind">The kind that the table is for, whose word is left out.</param>
    public static string Of(PSObject it, string kind) => VisibleText.Of(WordFor(it, kind) + PlaceOf(it));

    /// <summary>Returns the name of a service, or that of the server or client of a connection.</summary>
    public static string NameOf(PSObject it) => VisibleText.Of(it.BaseObject switch
    {
        Connection connection => connection.Owner.Name,
        Service service => service.Name,
        _ => TextOf(it, nameof(Service.Name)) ?? TextOf(it, nameof(Connection.Owner)) ?? "",
    });

    /// <summary>Returns the address of the peer of a connection.</summary>
    public static string PeerOf(PSObject connection) => VisibleText.Of(PlaceOf(connection));

    /// <summary>Returns how often a timer is due, and in what time it is.</summary>
    public static string Schedule(PSObject timer)
    {
        string often = Figures.Interval(timer.Properties[nameof(ReactorTimer.Interval)]?.Value) is { } interval ? $"every {interval}" : "once";
        return timer.BaseObject is ReactorTimer { NextDue: { } due } live
            ? $"{often}, in {Figures.Age(due - live.Reactor.TimeProvider.GetLocalNow())}"
            : often;
    }

    /// <summary>Returns the command line of a process.</summary>
    public static string Command(PSObject process) => process.BaseObject is ReactorProcess { FileName: var file, Arguments: var arguments }
        ? VisibleText.Of(string.Join(' ', [Path.GetFileName(file), .. arguments]))
        : VisibleText.Of(TextOf(process, nameof(ReactorProcess.FileName)) ?? "");

    private static string PlaceOf(PSObject it) => it.BaseObject switch
    {
        Connection connection => connection.RemoteAddress.ToString(),
        ReactorTimer => Schedule(it),
        ReactorProcess => Command(it),
        ReactorTopic { Queue: { } queue } topic => $"{topic.Subject}, queue {queue}",
        _ => TextOf(it, nameof(Connection.RemoteAddress))
            ?? HostOf(it)
            ?? TextOf(it, nameof(Server.LocalAddress))
            ?? TextOf(it, nameof(HttpServer.EndPoint))
            ?? TextOf(it, nameof(ReactorTopic.Subject))
            ?? "",
    };

    private static string? HostOf(PSObject client) => TextOf(client, nameof(Client.Host)) is { } host
        ? new HostAddress(host, (int)client.Properties[nameof(Client.Port)].Value).ToString()
        : null;

    private static string WordFor(PSObject it, string kind)
    {
        string type = it.TypeNames[0];
        string name = type[(type.LastIndexOf('.') + 1)..];
        return name == kind ? "" : s_words.GetValueOrDefault(name, "");
    }

    private static string? TextOf(PSObject it, string property) => it.Properties[property]?.Value?.ToString();
}
