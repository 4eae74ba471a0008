using System.Globalization;
using System.Text;

namespace TwistedPS.Tests;

/// <summary>
/// A protocol of lines that switches to bytes, once as handlers of a connection, and once as a reader of a whole stream. The
/// lines <c>b3</c> and <c>r</c> ask for bytes and raw bytes, <c>c2</c> for bytes that ask for as many others as they say. Raw bytes end with
/// a dot, or with a percent sign after which five others are one message more.
/// </summary>
internal sealed class SwitchingReader : IServerHandler, IConnectionHandler<string>
{
    private const int LongestLine = 20;

    private readonly StringBuilder _told = new();
    private bool _isRaw;
    private bool _isCutOff;

    public static LineFormat LineFormat { get; } = new() { MaxLineLength = LongestLine, Delimiter = LineDelimiter.LF };

    public bool HandlesData => true;

    public bool HandlesTooLong => true;

    public bool HasEnded { get; private set; }

    /// <summary>All that it was given, each in a line; raw bytes that follow each other are one.</summary>
    public string Told => $"{_told}{(_isRaw ? "\n" : "")}";

    /// <summary>Writes a stream with some kinds of switches: the first letters of such lines, x for a percent sign, t for a long line.</summary>
    public static byte[] Write(Random random, string switches)
    {
        var stream = new List<byte>();
        for (int i = random.Next(1, 8); i > 0; i--)
        {
            if (random.Next(3) == 0)
                stream.AddRange(Encoding.ASCII.GetBytes($"{(char)random.Next('d', 'q')}{random.Next(1000)}\n"));
            stream.AddRange(Part(random, switches[random.Next(switches.Length)]));
        }

        return [.. stream];
    }

    /// <summary>Changes, inserts, drops and repeats some bytes.</summary>
    public static byte[] Mutate(byte[] stream, Random random)
    {
        List<byte> all = [.. stream];
        for (int i = random.Next(4); i > 0 && all.Count > 0; i--)
        {
            int at = random.Next(all.Count);
            byte other = "\nbcr0123.%"u8.ToArray()[random.Next(10)];
            switch (random.Next(5))
            {
                case 0:
                    all[at] = other;
                    break;
                case 1:
                    all.Insert(at, other);
                    break;
                case 2:
                    all.RemoveAt(at);
                    break;
                case 3:
                    all.InsertRange(at, all[at..Math.Min(all.Count, at + random.Next(20))]);
                    break;
                default:
                    all.RemoveRange(at, all.Count - at);
                    break;
            }
        }

        return [.. all];
    }

    /// <summary>Reads a whole stream, by searching it.</summary>
    public static string Read(byte[] stream)
    {
        var reader = new SwitchingReader();
        int at = 0;
        while (at < stream.Length)
        {
            int end = Array.IndexOf(stream, (byte)'\n', at);
            int length = (end < 0 ? stream.Length : end) - at;
            if (length > LongestLine)
            {
                reader.Tell("too long", stream[at..(at + LongestLine)]);
                at += end < 0 ? length : length + 1;
                continue;
            }

            if (end < 0)
                return reader.Told + "cut off";
            byte[] line = stream[at..end];
            reader.Tell("line", line);
            at = end + 1;
            reader.ReadAfter(stream, ref at, Encoding.Latin1.GetString(line));
        }

        return reader.Told + (reader._isCutOff ? "cut off" : "");
    }

    public void Received(Connection connection, string message)
    {
        Tell("line", Encoding.Latin1.GetBytes(message));
        if (message == "r")
            ((LineConnection)connection).ReadRaw();
        else if (CountIn(message) is { } count)
            ((LineConnection)connection).ReadBytes(count);
        connection.State["asks"] = message.StartsWith('c');
        connection.State["raw"] = message == "r";
    }

    public void ReceivedData(Connection connection, byte[] data)
    {
        var lines = (LineConnection)connection;
        if (connection.State["raw"] is true)
        {
            int end = data.AsSpan().IndexOfAny((byte)'.', (byte)'%');
            TellRaw(end < 0 ? data : data[..(end + 1)]);
            if (end < 0)
                return;
            connection.State["raw"] = false;
            lines.ReadLines(data[(end + 1)..]);
            if (data[end] == '%')
                lines.ReadBytes(5);
            return;
        }

        Tell("data", data);
        if (connection.State["asks"] is true)
            lines.ReadBytes(NextCount(data));
        connection.State["asks"] = false;
    }

    public void ReceivedTooLong(Connection connection, string beginning) => Tell("too long", Encoding.Latin1.GetBytes(beginning));

    public void Connected(Connection connection)
    {
    }

    public void ReadEnded(Connection connection)
    {
    }

    public void Disconnected(Connection connection, CloseReason reason) => HasEnded = true;

    public void Started(Server server)
    {
    }

    public void Stopped(Server server)
    {
    }

    private static byte[] Part(Random random, char kind)
    {
        var bytes = new byte[random.Next(12)];
        random.NextBytes(bytes);
        string text = string.Concat(bytes.Select(it => "\n\r.%abr12"[it % 9]));
        return Encoding.ASCII.GetBytes(kind switch
        {
            'b' => $"b{text.Length}\n{text}",
            'c' => $"c{text.Length}\n{text}12345",
            'r' => $"r\n{text.Replace(".", "", StringComparison.Ordinal)}.",
            'x' => $"r\n{text.Replace(".", "", StringComparison.Ordinal)}%12345",
            _ => new string('t', random.Next(50)) + "\n",
        });
    }

    private static int? CountIn(string line) =>
        line is ['b' or 'c', .. var digits] && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count < 1000
            ? count
            : null;

    private static int NextCount(byte[] data) => data.Length % 4;

    /// <summary>Reads the bytes that a line has asked for.</summary>
    private void ReadAfter(byte[] stream, ref int at, string line)
    {
        if (line == "r")
        {
            int end = stream.AsSpan(at).IndexOfAny((byte)'.', (byte)'%');
            TellRaw(end < 0 ? stream[at..] : stream[at..(at + end + 1)]);
            at += end < 0 ? stream.Length - at : end + 1;
            if (end >= 0 && stream[at - 1] == '%')
                ReadData(stream, ref at, 5);
        }
        else if (CountIn(line) is { } count && ReadData(stream, ref at, count) is { } data && line[0] == 'c')
        {
            ReadData(stream, ref at, NextCount(data));
        }
    }

    /// <summary>Reads a number of bytes; null if there are fewer, of which some are cut off and none are not.</summary>
    private byte[]? ReadData(byte[] stream, ref int at, int count)
    {
        if (stream.Length - at < count)
        {
            _isCutOff = stream.Length > at;
            at = stream.Length;
            return null;
        }

        byte[] data = stream[at..(at + count)];
        at += count;
        Tell("data", data);
        return data;
    }

    private void Tell(string what, byte[] bytes)
    {
        if (_isRaw)
            _told.Append('\n');
        _isRaw = false;
        _told.Append(CultureInfo.InvariantCulture, $"{what}: {Convert.ToHexString(bytes)}\n");
    }

    private void TellRaw(byte[] bytes)
    {
        if (bytes.Length == 0)
            return;
        if (!_isRaw)
            _told.Append("raw: ");
        _isRaw = true;
        _told.Append(Convert.ToHexString(bytes));
    }
}
