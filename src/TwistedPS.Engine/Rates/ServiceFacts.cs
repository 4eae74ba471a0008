namespace TwistedPS.Engine.Rates;

/// <summary>What services of different kinds say under different names.</summary>
internal static class ServiceFacts
{
    /// <summary>Returns the state of a service, as its kind calls it.</summary>
    public static string StatusOf(Service service) => service switch
    {
        Server it => $"{it.Status}",
        Client it => $"{it.Status}",
        DatagramService it => $"{it.Status}",
        HttpServer it => $"{it.Status}",
        ReactorTimer it => $"{it.Status}",
        ReactorProcess it => $"{it.Status}",
        ReactorTopic it => $"{it.Status}",
        _ => "",
    };

    /// <summary>Returns the number of its open connections, or of the requests in progress; null where there are none of them.</summary>
    public static int? PeersOf(Service service) => service switch
    {
        Server it => it.ConnectionCount,
        Client it => it.Connections.Length,
        HttpServer it => it.RequestsUnderWay,
        _ => null,
    };
}
