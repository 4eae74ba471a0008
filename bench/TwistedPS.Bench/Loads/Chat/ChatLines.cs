using System.Diagnostics;
using System.Text;

namespace TwistedPS.Bench;

/// <summary>
/// What the talkers of a chat have said and not everybody has heard yet. A talker joins channels and leaves them, of which
/// everybody hears, and its nick begins with its number, by which its lines are known.
/// </summary>
/// <param name="talkers">The number of talkers, ten at most.</param>
/// <param name="window">The largest number of lines of one talker that are under way.</param>
/// <param name="listeners">The number of clients who have to hear each line.</param>
internal sealed class ChatLines(int talkers, int window, int listeners)
{
    private readonly Said[] _said = new Said[talkers * window];
    private readonly int[] _count = new int[talkers];

    public int Talkers => talkers;

    public int Window => window;

    /// <summary>The number of times that a line has yet to be heard.</summary>
    public long Missing { get; private set; }

    public static string NickOf(int talker) => $"{talker}talker";

    /// <summary>Returns the next line of a talker, which everybody has to hear from now on.</summary>
    public byte[] Say(int talker)
    {
        int number = _count[talker]++;
        string channel = $"#{number / 2:00000000}";
        (string command, string event_) = number % 2 == 0 ? ("join", "joined") : ("leave", "left");
        At(talker, number) = new Said(Encoding.ASCII.GetBytes($"{NickOf(talker)} has {event_} the channel {channel}\r\n"), Stopwatch.GetTimestamp(), listeners);
        Missing += listeners;
        return Encoding.ASCII.GetBytes($"/{command} {channel}\r\n");
    }

    /// <summary>Returns a line as everybody has to hear it.</summary>
    /// <exception cref="WrongReplyException">It has not been said.</exception>
    public byte[] Expect(int talker, int number) => talker >= 0 && talker < talkers && number < _count[talker]
        ? At(talker, number).Line
        : throw new WrongReplyException($"Talker {talker} has not said line {number}.");

    /// <summary>Counts that one more client has heard a line.</summary>
    /// <param name="talker">The number of the talker.</param>
    /// <param name="number">The number of the line.</param>
    /// <param name="sent">The time at which it was said.</param>
    /// <returns>Whether all have heard it.</returns>
    public bool Hear(int talker, int number, out long sent)
    {
        ref Said said = ref At(talker, number);
        sent = said.Sent;
        Missing--;
        return --said.Missing == 0;
    }

    private ref Said At(int talker, int number) => ref _said[(talker * window) + (number % window)];

    private record struct Said(byte[] Line, long Sent, int Missing);
}
