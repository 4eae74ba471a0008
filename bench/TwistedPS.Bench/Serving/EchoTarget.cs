using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Bench;

/// <summary>An echo server in this process, the target of relays, for as long as this process lives.</summary>
internal static class EchoTarget
{
    /// <summary>The variable that tells a relay the port.</summary>
    public const string Variable = "TWISTEDPS_BENCH_TARGET";

    public static string Port { get; } = Listen();

    private static string Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _ = AcceptAsync(listener);
        return ((IPEndPoint)listener.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);
    }

    private static async Task AcceptAsync(Socket listener)
    {
        while (true)
            _ = EchoAsync(await listener.AcceptAsync());
    }

    private static async Task EchoAsync(Socket socket)
    {
        using (socket)
        {
            socket.NoDelay = true;
            byte[] buffer = new byte[1 << 16];
            try
            {
                int count;
                while ((count = await socket.ReceiveAsync(buffer)) > 0)
                {
                    for (int sent = 0; sent < count;)
                        sent += await socket.SendAsync(buffer.AsMemory(sent..count));
                }
            }
            catch (SocketException)
            {
                // The relay was killed.
            }
        }
    }
}
