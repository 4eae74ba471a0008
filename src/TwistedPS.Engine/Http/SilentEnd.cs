using System.Collections;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace TwistedPS.Engine.Http;

/// <summary>The end of a .NET HTTP listener without a word to connections that have no request under way.</summary>
/// <remarks>
/// The listener itself would write an empty 200 to them, which a client would take for the answer to a request that it sends just
/// then; after a plain end it sends the request again. It offers no other way to them.
/// </remarks>
internal static class SilentEnd
{
    /// <summary>Gives up the port, and closes the connections that have not sent a request. Requests in progress go on.</summary>
    public static void StopListening(HttpListener listener)
    {
        foreach (object endPoint in EndPointsOf(listener))
        {
            (FieldOf(endPoint, "_socket") as Socket)?.Dispose();
            ShutDown(FieldOf(endPoint, "_unregisteredConnections"));
        }

        listener.Prefixes.Clear();
    }

    /// <summary>Closes all connections that are left, and the listener.</summary>
    public static void Close(HttpListener listener)
    {
        ShutDown(FieldOf(listener, "_connections"));
        listener.IgnoreWriteExceptions = true;
        listener.Close();
    }

    private static object[] EndPointsOf(HttpListener listener)
    {
        FieldInfo? all = typeof(HttpListener).Assembly.GetType("System.Net.HttpEndPointManager")
            ?.GetField("s_ipEndPoints", BindingFlags.Static | BindingFlags.NonPublic);
        if (all?.GetValue(null) is not IDictionary addresses)
            return [];
        lock (addresses.SyncRoot)
        {
            return [.. addresses.Values.Cast<IDictionary>()
                .SelectMany(ports => ports.Values.Cast<object>())
                .Where(endPoint => FieldOf(endPoint, "_listener") == listener)];
        }
    }

    private static void ShutDown(object? connections)
    {
        // None on Windows, whose system ends them without a word by itself.
        if (connections is not IEnumerable known)
            return;
        object[] all;
        lock (connections)
            all = [.. (known is IDictionary table ? table.Keys : known).Cast<object>()];
        foreach (object connection in all)
            ShutDown(FieldOf(connection, "_socket") as Socket);
    }

    private static void ShutDown(Socket? socket)
    {
        try
        {
            socket?.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    private static object? FieldOf(object owner, string name) =>
        owner.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(owner);
}
