using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Bench.Pipelines;

/// <summary>A line server in plain C#: System.IO.Pipelines over sockets, with everything as .NET has it by default.</summary>
internal static class Program
{
    private static async Task Main(string[] arguments)
    {
        using var server = new LineServer(arguments[0]);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Console.WriteLine($"PORT {((IPEndPoint)listener.LocalEndPoint!).Port}");
        while (true)
        {
            Socket socket = await listener.AcceptAsync();
            socket.NoDelay = true;
            _ = server.ServeAsync(socket);
        }
    }
}
