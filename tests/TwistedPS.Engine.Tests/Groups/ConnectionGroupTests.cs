namespace TwistedPS.Tests;

public sealed class ConnectionGroupTests
{
    [Fact]
    public void A_connection_is_in_a_group_once()
    {
        using var rig = new MemoryRig();
        (_, LineConnection[] connections) = Connect(rig, 2);
        ConnectionGroup group = rig.Server.Groups["#go"];
        Assert.True(group.Add(connections[1]));
        Assert.False(group.Add(connections[1]));
        Assert.True(group.Add(connections[0]));
        Assert.Equal(connections, group.Members);
        Assert.Equal(2, rig.Server.Groups["#go"].Count);
        Assert.True(group.Contains(connections[0]));
        Assert.Equal(("#go", "#go", rig.Server), (group.Name, $"{group}", group.Server));
    }

    [Fact]
    public void Who_is_removed_is_in_it_no_more_and_can_come_back()
    {
        using var rig = new MemoryRig();
        (_, LineConnection[] connections) = Connect(rig, 2);
        ConnectionGroup group = rig.Server.Groups["#go"];
        Assert.False(group.Remove(connections[0]));
        group.Add(connections[0]);
        group.Add(connections[1]);
        Assert.True(group.Remove(connections[0]));
        Assert.False(group.Remove(connections[0]));
        Assert.False(group.Contains(connections[0]));
        Assert.Equal([connections[1]], group.Members);
        Assert.True(group.Add(connections[0]));
    }

    [Fact]
    public void A_connection_that_ends_touches_no_groups_but_its_own()
    {
        using var rig = new MemoryRig();
        (_, LineConnection[] connections) = Connect(rig, 2);
        for (int i = 0; i < 100_000; i++)
            rig.Server.Groups[$"{i}"].Add(connections[0]);
        rig.Server.Groups["1"].Add(connections[1]);
        rig.Server.Groups["alone"].Add(connections[1]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        rig.Server.Groups.Table.Remove(connections[1]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
        Assert.Equal(0, rig.Server.Groups["alone"].Count);
        Assert.Equal([connections[0]], rig.Server.Groups["1"].Members);
        Assert.True(rig.Server.Groups["1"].Add(connections[1]));
        Assert.Equal(100_000, rig.Server.Groups.Count());
    }

    [Fact]
    public void Groups_are_listed_by_name_while_they_have_members()
    {
        using var rig = new MemoryRig();
        (_, LineConnection[] connections) = Connect(rig, 1);
        ConnectionGroups groups = rig.Server.Groups;
        Assert.Empty(groups["#empty"].Members);
        Assert.Empty(groups);
        foreach (string name in new[] { "b", "a", "A" })
            groups[name].Add(connections[0]);
        Assert.Equal(["A", "a", "b"], groups.Select(group => group.Name));
        groups["a"].Remove(connections[0]);
        Assert.Equal(["A", "b"], groups.Select(group => group.Name));
    }

    [Theory]
    [ClassData(typeof(ResettingCarriers))]
    public void Who_has_ended_leaves_all_groups_and_joins_none(Carrier carrier)
    {
        bool? isMember = null;
        ConnectionGroup? first = null;
        var handler = new RecordingHandler { OnDisconnect = (connection, _) => isMember = first!.Contains(connection) || first.Add(connection) };
        using Rig rig = Rig.Create(carrier, handler);
        (IPeer[] peers, LineConnection[] connections) = Connect(rig, 2);
        first = rig.Server.Groups["1"];
        first.Add(connections[0]);
        first.Add(connections[1]);
        rig.Server.Groups["2"].Add(connections[0]);
        peers[0].Reset();
        rig.Until("disconnect 0: Lost");
        Assert.False(isMember);
        Assert.Equal([connections[1]], first.Members);
        Assert.Equal(["1"], rig.Server.Groups.Select(group => group.Name));
    }

    [Fact]
    public void A_connection_of_another_server_is_refused()
    {
        using var rig = new MemoryRig();
        using var other = new MemoryRig();
        (_, LineConnection[] connections) = Connect(other, 1);
        Assert.Throws<ArgumentException>(() => rig.Server.Groups["#go"].Add(connections[0]));
        Assert.Empty(rig.Server.Groups);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_broadcast_reaches_the_members_but_one_and_nobody_else(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier);
        (IPeer[] peers, LineConnection[] connections) = Connect(rig, 4);
        ConnectionGroup group = rig.Server.Groups["#go"];
        for (int i = 0; i < 3; i++)
            group.Add(connections[i]);
        rig.Server.Broadcast("go", () => group.Members.Except([connections[1]]));
        rig.Server.Broadcast("all", () => rig.Server.Connections);
        peers[0].Expect("go\r\nall\r\n");
        peers[1].Expect("all\r\n");
        peers[2].Expect("go\r\nall\r\n");
        peers[3].Expect("all\r\n");
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_slow_member_is_dropped_and_the_others_go_on(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, options: new ServerOptions { SendBufferLimit = 100_000 });
        (IPeer[] peers, LineConnection[] connections) = Connect(rig, 2);
        if (peers[0] is MemoryPeer { Transport: var transport })
            transport.PauseReading();
        ConnectionGroup group = rig.Server.Groups["#go"];
        foreach (LineConnection connection in connections)
            group.Add(connection);
        string text = new('x', 50_000);
        for (int sent = 0; !rig.Handler.Has("disconnect 0: SlowReader"); sent++)
        {
            Assert.True(sent < 10_000, "The slow member was never dropped.");
            rig.Do(() => rig.Server.Broadcast(text, () => group.Members));
            peers[1].Expect($"{text}\r\n");
        }

        Assert.Equal([connections[1]], group.Members);
        rig.Server.Broadcast("last", () => group.Members);
        peers[1].Expect("last\r\n");
    }

    private static (IPeer[] Peers, LineConnection[] Connections) Connect(Rig rig, int count)
    {
        var peers = new IPeer[count];
        for (int i = 0; i < count; i++)
        {
            peers[i] = rig.Connect();
            rig.Until($"connect {i}");
        }

        LineConnection[] connections = [];
        rig.Do(() => connections = rig.Server.Connections);
        return (peers, connections);
    }
}
