using System.Text;
using TwistedPS.Engine.Clusters;
using TwistedPS.Engine.Groups;

namespace TwistedPS.Engine.Streams;

/// <summary>
/// What a server sends to many of its connections, for the servers of the same kind and name on the other nodes of the
/// cluster: one message for each node, whose server sends to its own connections.
/// </summary>
internal sealed class SharedBroadcasts(Server server, ReactorCluster cluster, string kind)
{
    private readonly string _subject = $"{Membership.Own}.server.{kind}.{Word(server.Name)}";
    private IDisposable? _subscription;
    private IDisposable? _announcement;
    private bool _isLosing;

    /// <summary>Called on any thread with bytes of another node, the number of messages in them, and the group they are for; null for all.</summary>
    public required Action<ReadOnlyMemory<byte>, int, string?> Received { get; init; }

    public void Start()
    {
        _subscription = cluster.Subscribe($"{_subject}.*", null, Receive);
        _announcement = cluster.Presence.Announce(() => new ClusterServer(kind, server.Name, server.ConnectionCount));
    }

    public void Stop()
    {
        _subscription?.Dispose();
        _announcement?.Dispose();
    }

    /// <summary>Sends to the other nodes. What can't be sent is lost, and the first of it noted.</summary>
    public void Send(ReadOnlyMemory<byte> bytes, int messages, string? group)
    {
        if (cluster.IsAlone)
            return;
        try
        {
            cluster.Publish($"{_subject}.{cluster.Node}", new Payload(PayloadKind.Bytes, Pack(bytes, messages, group)));
            _isLosing = false;
        }
        catch (BackplaneException e)
        {
            if (!_isLosing)
                server.ReactorLog.Add(LogLevel.Warning, $"Other nodes miss what is sent to all: {e.Message}");
            _isLosing = true;
        }
    }

    private void Receive(BackplaneMessage message)
    {
        if (message.Subject.EndsWith($".{cluster.Node}", StringComparison.Ordinal))
            return;
        try
        {
            Unpack(message.Payload.Bytes);
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            server.ReactorLog.Add(LogLevel.Warning, $"What is no message of a server was sent to {message.Subject}: {e.Message}");
        }
    }

    private void Unpack(ReadOnlyMemory<byte> packed)
    {
        using var reader = new BinaryReader(new MemoryStream(packed.ToArray()), Encoding.UTF8);
        int messages = reader.Read7BitEncodedInt();
        string? group = reader.ReadBoolean() ? reader.ReadString() : null;
        Received(packed[(int)reader.BaseStream.Position..], messages, group);
    }

    private static byte[] Pack(ReadOnlyMemory<byte> bytes, int messages, string? group)
    {
        var packed = new MemoryStream(bytes.Length + 16);
        using var writer = new BinaryWriter(packed, Encoding.UTF8);
        writer.Write7BitEncodedInt(messages);
        writer.Write(group is not null);
        if (group is not null)
            writer.Write(group);
        writer.Write(bytes.Span);
        return packed.ToArray();
    }

    /// <summary>Returns a name as a word of a subject.</summary>
    private static string Word(string name) => Uri.EscapeDataString(name).Replace(".", "%2E", StringComparison.Ordinal);
}
