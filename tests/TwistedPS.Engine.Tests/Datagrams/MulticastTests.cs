using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;

namespace TwistedPS.Tests;

/// <summary>Multicast on the loopback interface, which every machine has.</summary>
public sealed class MulticastTests
{
    private const string Group = "239.255.77.1";
    private const string Other = "239.255.77.2";

    private static readonly string s_loopback = NetworkInterface.GetAllNetworkInterfaces()
        .First(it => it.NetworkInterfaceType == NetworkInterfaceType.Loopback).Name;

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void Members_hear_what_is_sent_to_their_group_and_answer(PollerKind poller)
    {
        using var rig = new DatagramRig(poller);
        var heard = new RecordingDatagramHandler();
        DatagramServer member = Member(rig, RecordingDatagramHandler.Echo(), 0, Group);
        DatagramServer second = Member(rig, RecordingDatagramHandler.Echo(), member.Port, Group);
        DatagramServer sender = rig.Serve(heard, new DatagramOptions { MulticastInterface = s_loopback });
        Send(rig, sender, Group, member.Port, "all");
        rig.Until(() => heard.Arrived.Count == 2);
        Assert.Equal((1, 1), (member.DatagramsIn, second.DatagramsIn));
        Assert.Equal([Group], member.MulticastGroups);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void What_others_of_the_machine_have_joined_for_is_not_heard(PollerKind poller)
    {
        using var rig = new DatagramRig(poller);
        var handler = new RecordingDatagramHandler();
        DatagramServer member = Member(rig, handler, 0, Group);
        DatagramServer other = Member(rig, new RecordingDatagramHandler(), member.Port, Other);
        DatagramServer sender = rig.Serve(new RecordingDatagramHandler(), new DatagramOptions { MulticastInterface = s_loopback });
        Send(rig, sender, Other, member.Port, "other");
        Send(rig, sender, Group, member.Port, "mine");
        rig.Until(() => !handler.Arrived.IsEmpty && other.DatagramsIn == 1);
        Assert.Equal("mine", Encoding.ASCII.GetString(Assert.Single(handler.Arrived).Data));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void Groups_are_joined_and_left_while_it_runs(PollerKind poller)
    {
        using var rig = new DatagramRig(poller);
        var handler = new RecordingDatagramHandler();
        DatagramServer member = Member(rig, handler, 0, Group);
        member.JoinGroup(Other);
        Assert.Equal([Group, Other], member.MulticastGroups);
        Assert.Throws<SocketException>(() => member.JoinGroup(Other));
        member.LeaveGroup(Group);
        Assert.Throws<SocketException>(() => member.LeaveGroup(Group));
        DatagramServer sender = rig.Serve(new RecordingDatagramHandler(), new DatagramOptions { MulticastInterface = s_loopback });
        Send(rig, sender, Group, member.Port, "left");
        Send(rig, sender, Other, member.Port, "joined");
        rig.Until(() => !handler.Arrived.IsEmpty);
        Assert.Equal("joined", Encoding.ASCII.GetString(Assert.Single(handler.Arrived).Data));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void Without_loopback_members_on_this_machine_do_not_hear_it(PollerKind poller)
    {
        using var rig = new DatagramRig(poller);
        var handler = new RecordingDatagramHandler();
        DatagramServer member = Member(rig, handler, 0, Group);
        var options = new DatagramOptions { MulticastInterface = "127.0.0.1" };
        DatagramServer silent = rig.Serve(new RecordingDatagramHandler(), options with { MulticastLoopback = false, TimeToLive = 7 });
        Send(rig, silent, Group, member.Port, "silent");
        Send(rig, rig.Serve(new RecordingDatagramHandler(), options), Group, member.Port, "loud");

        // The loopback interface itself brings the other one back, too, whatever is asked; another would not.
        rig.Until(() => handler.Arrived.Any(it => Encoding.ASCII.GetString(it.Data) == "loud"));
        Socket socket = ((DatagramSocket)silent.Output.Carrier!).Socket;
        Assert.Equal(0, (int)socket.GetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback)!);
        Assert.Equal(7, (int)socket.GetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive)!);
    }

    [IPv6Fact]
    public void A_group_of_IPv6_is_joined_on_a_socket_that_does_both()
    {
        using var rig = new DatagramRig(PollerKind.Auto);
        DatagramServer member = rig.Serve(new RecordingDatagramHandler(), new DatagramOptions
        {
            LocalAddress = Address.From(new IPEndPoint(IPAddress.IPv6Any, 0)),
            MulticastGroups = ["ff02::7701", Group],
            MulticastInterface = s_loopback,
            TimeToLive = 3,
        });
        Assert.Equal(["ff02::7701", Group], member.MulticastGroups);
        DatagramServer sender = rig.Serve(new RecordingDatagramHandler(), new DatagramOptions { MulticastInterface = s_loopback });
        Send(rig, sender, Group, member.Port, "by IPv4");
        rig.Until(() => member.DatagramsIn == 1);
        Assert.Equal(3, (int)((DatagramSocket)member.Output.Carrier!).Socket.GetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastTimeToLive)!);
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("::1")]
    [InlineData("nonsense")]
    public void What_is_no_group_can_not_be_joined(string group)
    {
        using var rig = new DatagramRig(PollerKind.Auto);
        var options = new DatagramOptions { MulticastGroups = [group] };
        Assert.Contains($"'{group}'", Assert.Throws<FormatException>(() => rig.Serve(new RecordingDatagramHandler(), options)).Message, StringComparison.Ordinal);
        Assert.Empty(rig.Reactor.Services);
    }

    [Fact]
    public void An_interface_that_is_not_there_is_named()
    {
        using var rig = new DatagramRig(PollerKind.Auto);
        var options = new DatagramOptions { MulticastGroups = [Group], MulticastInterface = "nosuch0" };
        Assert.Contains("'nosuch0'", Assert.Throws<FormatException>(() => rig.Serve(new RecordingDatagramHandler(), options)).Message, StringComparison.Ordinal);
    }

    private static DatagramServer Member(DatagramRig rig, IDatagramHandler handler, int port, string group) =>
        rig.Serve(handler, new DatagramOptions
        {
            LocalAddress = Address.From(new IPEndPoint(IPAddress.Any, port)),
            MulticastGroups = [group],
            MulticastInterface = s_loopback,
            ReuseAddress = true,
        });

    private static void Send(DatagramRig rig, DatagramServer from, string group, int port, string text) => rig.Do(() =>
        from.Output.SendTo(Encoding.ASCII.GetBytes(text), Address.From(new IPEndPoint(IPAddress.Parse(group), port))));
}
