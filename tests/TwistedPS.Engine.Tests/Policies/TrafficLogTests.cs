using System.Text;
using System.Text.RegularExpressions;

namespace TwistedPS.Tests;

public sealed class TrafficLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private string FilePath => Path.Combine(_folder, "traffic.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [ClassData(typeof(Carriers))]
    public void It_has_all_that_came_and_went_in_order(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), new ServerOptions { Name = "Echo", TrafficLog = FilePath });
        using (IPeer peer = rig.Connect())
        {
            peer.Send("one\n");
            peer.Expect("one\r\n");
            peer.Send("two\n");
            peer.Expect("two\r\n");
            peer.HalfClose();
            peer.ReceiveToEnd();
        }

        rig.Until("disconnect 0: Done");
        rig.Stop();
        string[] lines = File.ReadAllLines(FilePath);
        string[] entries = [.. lines.Where(IsEntry).Select(line => line[(line.IndexOf(']', StringComparison.Ordinal) + 2)..])];
        Assert.StartsWith("connected with ", entries[0], StringComparison.Ordinal);
        Assert.Equal(
            ["received 4 bytes at 0", "sent 5 bytes at 0", "received 4 bytes at 4", "sent 5 bytes at 5", "received the end", "ended"],
            entries.Skip(1).Where(entry => entry != "sent the end"));
        Assert.All(lines.Where(IsEntry), line => Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}[+-]\d{4} \[Echo,0,[^\]]+\] ", line));
        Assert.Equal("00000005  74 77 6f 0d 0a                                    |two..|", lines.Last(line => !IsEntry(line)));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Over_tls_it_has_the_plain_text(Carrier carrier)
    {
        ServerOptions options = TlsOptions.Encrypted() with { TrafficLog = FilePath };
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), options);
        using IPeer peer = rig.ConnectTls();
        peer.Send("secret\n");
        peer.Expect("secret\r\n");
        rig.Stop();
        Assert.Equal(("secret\n", "secret\r\n"), Streams(FilePath));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void When_tls_begins_later_it_goes_on_with_the_plain_text(Carrier carrier)
    {
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                connection.Send($"{line} ok");
                if (line == "starttls")
                    connection.StartTls();
            },
        };
        ServerOptions options = TlsOptions.OnRequest() with { TrafficLog = FilePath, BytesPerSecond = int.MaxValue };
        using Rig rig = Rig.Create(carrier, handler, options);
        using IPeer peer = rig.Connect();
        peer.Send("starttls\n");
        peer.Expect("starttls ok\r\n");
        IPeer encrypted = peer.Encrypt();
        encrypted.Send("secret\n");
        encrypted.Expect("secret ok\r\n");
        encrypted.Close();
        rig.Until(() => rig.Server.ConnectionCount == 0);
        rig.Stop();
        Assert.Equal(("starttls\nsecret\n", "starttls ok\r\nsecret ok\r\n"), Streams(FilePath));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public async Task Much_is_logged_whole_and_arrives_whole(Carrier carrier)
    {
        const int Count = 400_000;
        byte[] bytes = ThrottleTests.Bytes(Count);
        var handler = new DataHandler { OnConnect = connection => connection.Write(bytes) };
        using var rig = new DataRig(carrier, handler, new ServerOptions { TrafficLog = FilePath });
        using IPeer peer = rig.Connect();
        if (carrier == Carrier.Memory)
        {
            peer.Send(bytes);
            Assert.Equal(bytes, peer.ReceiveBytes(Count));
        }
        else
        {
            Task<byte[]> receiving = Task.Run(() => peer.ReceiveBytes(Count));
            await Task.Run(() => peer.Send(bytes)).Soon();
            Assert.Equal(bytes, await receiving.Soon());
        }

        rig.Until(() => rig.Server.BytesIn == Count);
        rig.Do(() => _ = rig.Server.StopAsync(TimeSpan.Zero));
        rig.Until(() => rig.Server.Completion.IsCompleted);
        (string received, string sent) = Streams(FilePath);
        Assert.True(received == Encoding.Latin1.GetString(bytes), "The log of what was received is not what was sent to it.");
        Assert.True(sent == Encoding.Latin1.GetString(bytes), "The log of what was sent is not that.");
    }

    [Fact]
    public void With_a_number_in_its_path_each_connection_has_a_file()
    {
        using var rig = new MemoryRig(RecordingHandler.Echo(), new ServerOptions { TrafficLog = Path.Combine(_folder, "{Number}.log") });
        foreach (string text in new[] { "zero\n", "one\n", "two\n" })
        {
            using MemoryPeer peer = rig.Connect();
            peer.Send(text);
        }

        rig.Stop();
        Assert.Equal(["0.log", "1.log", "2.log"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
        Assert.Equal("one\n", Streams(Path.Combine(_folder, "1.log")).Received);
        Assert.Equal("ended", File.ReadAllLines(Path.Combine(_folder, "2.log"))[^1][^5..]);
    }

    [Fact]
    public async Task A_disk_that_fails_is_told_once_and_the_connections_live()
    {
        string path = Path.Combine(_folder, "later", "{number}.log");
        using var rig = new MemoryRig(RecordingHandler.Echo(), new ServerOptions { TrafficLog = path });
        MemoryPeer[] peers = [rig.Connect(), rig.Connect(), rig.Connect()];
        foreach (MemoryPeer peer in peers)
        {
            peer.Send("text\n");
            peer.Expect("text\r\n");
        }

        await rig.Server.Traffic!.Written.Soon();
        Assert.Equal(1, rig.Server.Log.Count(entry => entry is { Level: LogLevel.Warning } && entry.Message.StartsWith("The traffic log can't be written for now: ", StringComparison.Ordinal)));
        Directory.CreateDirectory(Path.Combine(_folder, "later"));
        rig.Stop();
        Assert.Equal("text\n", Streams(Path.Combine(_folder, "later", "1.log")).Received);
    }

    [Fact]
    public async Task All_files_share_the_room_for_what_waits()
    {
        var room = new LogRoom(10);
        var time = new ManualClock();
        LogFile NewFile(string name) => new(Path.Combine(_folder, "none", name), time, _ => { }, room);
        LogFile[] files = [NewFile("a"), NewFile("b")];
        foreach (LogFile file in files)
        {
            file.Write("1234567");
            await file.Written.Soon();
        }

        Directory.CreateDirectory(Path.Combine(_folder, "none"));
        await Task.WhenAll(files.Select(file => file.Written)).Soon();
        Assert.Equal(["1234567"], File.ReadAllLines(Path.Combine(_folder, "none", "a")));
        Assert.StartsWith("1 entry was left out here", File.ReadAllText(Path.Combine(_folder, "none", "b")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_where_nothing_can_be_written_is_an_error_before()
    {
        Assert.ThrowsAny<IOException>(() => TrafficLog.Check(Path.Combine(_folder, "none", "x.log")));
        Assert.ThrowsAny<IOException>(() => TrafficLog.Check(Path.Combine(_folder, "none", "{number}.log")));
        TrafficLog.Check(Path.Combine(_folder, "{number}.log"));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "00000010  00                                                |.|")]
    [InlineData(8, "00000010  00 01 02 03 04 05 06 07                           |........|")]
    [InlineData(9, "00000010  00 01 02 03 04 05 06 07  08                       |.........|")]
    [InlineData(16, "00000010  00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f  |................|")]
    public void A_line_is_as_that_of_hexdump(int count, string expected)
    {
        var text = new StringBuilder();
        HexDump.Append(text, Enumerable.Range(0, count).Select(i => (byte)i).ToArray(), 16);
        Assert.Equal(expected, $"{text}");
    }

    [Fact]
    public void Text_has_what_is_visible_in_ascii_and_dots_for_the_rest()
    {
        var text = new StringBuilder("first");
        HexDump.Append(text, "\u001f ~\u007f\u0080\u00ff|Az"u8, 0);
        Assert.Equal($"first{Environment.NewLine}00000000  1f 20 7e 7f c2 80 c3 bf  7c 41 7a                 |. ~.....|Az|", $"{text}");
    }

    private static bool IsEntry(string line) => line.Contains('[', StringComparison.Ordinal) && !line.EndsWith('|');

    /// <summary>The bytes of a log, one character for each, read from its hexadecimal numbers.</summary>
    private static (string Received, string Sent) Streams(string path)
    {
        var streams = new Dictionary<string, StringBuilder> { ["received"] = new(), ["sent"] = new() };
        StringBuilder? current = null;
        foreach (string line in File.ReadLines(path))
        {
            if (IsEntry(line))
            {
                current = Regex.Match(line, @"\] (received|sent) \d") is { Success: true } match ? streams[match.Groups[1].Value] : null;
                continue;
            }

            Assert.Equal($"{current!.Length:x8}", line[..8]);
            foreach (string number in line[10..59].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                current.Append((char)Convert.ToByte(number, 16));
        }

        return ($"{streams["received"]}", $"{streams["sent"]}");
    }
}
