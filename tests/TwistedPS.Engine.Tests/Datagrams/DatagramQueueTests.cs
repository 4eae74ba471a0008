using System.Net;

namespace TwistedPS.Tests;

public sealed class DatagramQueueTests
{
    private readonly List<string> _sent = [];

    [Fact]
    public void One_receiver_without_room_keeps_only_its_own_waiting_and_in_order()
    {
        var queue = new DatagramQueue(10_000);
        SocketAddress one = AddressOf(1);
        SocketAddress two = AddressOf(2);
        foreach ((SocketAddress to, byte data) in new[] { (one, (byte)1), (two, (byte)2), (one, (byte)3), (two, (byte)4) })
            Assert.True(queue.TryAdd([data], to));
        Assert.True(queue.HasFor(AddressOf(1)));
        Send(queue, isFull: one);
        Assert.Equal(["2 to 2", "4 to 2"], _sent);
        Assert.False(queue.HasFor(two));
        Send(queue, isFull: null);
        Assert.Equal(["2 to 2", "4 to 2", "1 to 1", "3 to 1"], _sent);
        Assert.True(queue.IsEmpty);
    }

    [Fact]
    public void It_is_bounded_though_they_are_empty_and_says_when_there_is_room()
    {
        var queue = new DatagramQueue(1280);
        Assert.True(queue.Room.IsCompleted);
        for (int i = 0; i < 10; i++)
            Assert.True(queue.TryAdd([], null));
        Assert.False(queue.TryAdd([], null));
        Task room = queue.Room;
        Assert.False(room.IsCompleted);
        int left = 4;
        queue.Send((_, _) => left-- > 0);
        Assert.False(room.IsCompleted);
        left = 1;
        queue.Send((_, _) => left-- > 0);
        Assert.True(room.IsCompleted);
        Assert.Equal(5, queue.Clear());
        Assert.False(queue.HasFor(null));
    }

    [Fact]
    public void One_over_the_limit_waits_if_it_is_alone()
    {
        var queue = new DatagramQueue(100);
        Assert.True(queue.TryAdd(new byte[5000], null));
        Assert.False(queue.TryAdd([], null));
    }

    private static SocketAddress AddressOf(byte last) => new IPEndPoint(new IPAddress([127, 0, 0, last]), last).Serialize();

    private void Send(DatagramQueue queue, SocketAddress? isFull) => queue.Send((data, to) =>
    {
        if (to!.Equals(isFull))
            return false;
        _sent.Add($"{data[0]} to {DatagramAddresses.From(to).Port}");
        return true;
    });
}
