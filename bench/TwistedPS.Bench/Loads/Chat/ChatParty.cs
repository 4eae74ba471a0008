using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace TwistedPS.Bench;

/// <summary>The clients of a chat at one node, the first of which talks. None of them may be lost.</summary>
internal sealed class ChatParty : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_silenceIsFailure = TimeSpan.FromSeconds(60);

    private static int s_said;

    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly List<Socket> _sockets;
    private readonly StringBuilder[] _heard;

    public ChatParty(ServerProcess node, int clients)
    {
        _sockets = Connecting.Open(node, clients, ChatClients.Hello);
        _heard = [.. _sockets.Select(_ => new StringBuilder())];
    }

    /// <summary>Has each party's talker say something again and again, until everybody has heard all of the talkers.</summary>
    /// <exception cref="IOException">A connection was lost, or somebody hears nothing for a minute.</exception>
    public static void HearEachOther(params ChatParty[] parties)
    {
        foreach (StringBuilder heard in parties.SelectMany(party => party._heard))
            heard.Clear();
        int first = s_said;
        for (long begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < s_silenceIsFailure;)
        {
            for (int talker = 0; talker < parties.Length; talker++)
                parties[talker].Say(ChannelOf(talker, s_said));
            s_said++;

            // Only a line that gets through tells that a broker or node is back. Without a pause between them the lines would be a
            // load of their own; it is the precision of the figure.
            Thread.Sleep(s_pause);
            if (parties.All(party => party.HasHeard(first, parties.Length)))
                return;
        }

        throw new IOException("Somebody does not hear the others.");
    }

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private static string ChannelOf(int talker, int number) => $"#{talker}_{number}\r\n";

    private void Say(string channel) => _sockets[0].Send(Encoding.ASCII.GetBytes($"/join {channel}/leave {channel}"));

    private bool HasHeard(int first, int talkers)
    {
        for (int i = 0; i < _sockets.Count; i++)
            Receive(_sockets[i], _heard[i]);
        return _heard.All(heard =>
        {
            string text = heard.ToString();
            return Enumerable.Range(0, talkers).All(talker =>
                Enumerable.Range(first, s_said - first).Any(number => text.Contains(ChannelOf(talker, number), StringComparison.Ordinal)));
        });
    }

    private void Receive(Socket socket, StringBuilder heard)
    {
        while (socket.Poll(0, SelectMode.SelectRead))
            heard.Append(Encoding.ASCII.GetString(_buffer, 0, Connecting.Receive(socket, _buffer)));
    }
}
