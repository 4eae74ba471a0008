using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Bench;

/// <summary>A NATS server for the nodes of clusters, for as long as this process lives, unless it is killed meanwhile.</summary>
internal static class Broker
{
    /// <summary>The variable that tells a node the address.</summary>
    public const string Variable = "TWISTEDPS_BENCH_BROKER";

    private const string Program = "nats-server";

    private static readonly string s_port = FreePort();
    private static Process? s_process;

    static Broker() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Kill();

    public static string Address => $"nats://127.0.0.1:{s_port}";

    /// <summary>Starts it, again at the same port if it was killed. Does nothing if it runs.</summary>
    /// <exception cref="IOException">It is not installed, or has ended at once.</exception>
    public static void Start()
    {
        if (s_process is not null)
            return;
        // Debian has it where only root looks for programs.
        string program = Programs.Find(Program) ?? "/usr/sbin/" + Program;
        if (!File.Exists(program))
            throw new IOException($"{Program} is not installed.");
        s_process = Process.Start(new ProcessStartInfo(program, ["--addr", "127.0.0.1", "--port", s_port]) { RedirectStandardError = true })!;
        while (s_process.StandardError.ReadLine() is { } line)
        {
            if (line.Contains("Server is ready", StringComparison.Ordinal))
            {
                // A full pipe would block it.
                _ = s_process.StandardError.BaseStream.CopyToAsync(Stream.Null);
                return;
            }
        }

        throw new IOException($"{Program} has ended.");
    }

    /// <summary>Kills it.</summary>
    public static void Kill()
    {
        s_process?.Kill();
        s_process?.WaitForExit();
        s_process = null;
    }

    private static string FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);
    }
}
