using System.Net;
using System.Net.Sockets;
using TwistedPS.Engine.Http;

namespace TwistedPS.Engine.Metrics;

/// <summary>The open pages of metrics. Who wants one where there is one already shares it. Members may be called from any thread.</summary>
internal static class MetricsPages
{
    private static readonly Dictionary<IPEndPoint, MetricsPage> s_open = [];

    /// <summary>Opens a page, or shares the one that is open there, until the result is disposed.</summary>
    /// <param name="options">Where it listens.</param>
    /// <exception cref="SocketException">It can't listen there.</exception>
    public static MetricsLease Open(HttpServerOptions options)
    {
        lock (s_open)
        {
            if (!s_open.TryGetValue(options.EndPoint, out MetricsPage? page))
            {
                page = new MetricsPage(options);
                s_open.Add(page.EndPoint, page);
            }

            page.Users++;
            return new MetricsLease(page);
        }
    }

    /// <summary>Returns whether a page is open on a port, at any address.</summary>
    public static bool IsOpenOn(int port)
    {
        lock (s_open)
            return s_open.Keys.Any(place => place.Port == port);
    }

    /// <summary>Frees the port of a page when nobody wants it any more.</summary>
    internal static void Leave(MetricsPage page)
    {
        lock (s_open)
        {
            if (--page.Users > 0)
                return;
            s_open.Remove(page.EndPoint);
            page.Dispose();
        }
    }
}
