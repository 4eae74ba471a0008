"""Twisted at the other end of datagrams: UDP, multicast on the loopback interface, UNIX sockets.

    serve GROUP PATH                 echoes on a port, in a group and at a path, until its input ends
    ask PORT GROUP GROUP_PORT PATH   asks servers of each kind, prints what they answer, and ends
"""
import os
import sys

from twisted.internet import defer, reactor, stdio
from twisted.internet.protocol import DatagramProtocol, Protocol

LOOPBACK = "127.0.0.1"


class Echo(DatagramProtocol):
    noisy = False

    def __init__(self, name, group=None):
        self.name = name
        self.group = group

    def startProtocol(self):
        if self.group:
            self.transport.joinGroup(self.group, interface=LOOPBACK)

    def datagramReceived(self, data, address):
        self.transport.write(self.name + b" " + data, address)


class UntilEnd(Protocol):
    def connectionLost(self, reason):
        reactor.stop()


class Asking(DatagramProtocol):
    noisy = False

    def __init__(self, address, words, multicast=False):
        self.address = address
        self.words = words
        self.multicast = multicast
        self.left = len(words)
        self.done = defer.Deferred()

    def startProtocol(self):
        if self.multicast:
            self.transport.setOutgoingInterface(LOOPBACK)
            self.transport.setTTL(2)
        for word in self.words:
            self.transport.write(word, self.address)

    def datagramReceived(self, data, address):
        print(data.decode(), flush=True)
        self.left -= 1
        if not self.left:
            self.done.callback(None)


def serve(group, path):
    udp = reactor.listenUDP(0, Echo(b"udp"), interface=LOOPBACK)
    member = reactor.listenMulticast(0, Echo(b"multicast", group), listenMultiple=True)
    reactor.listenUNIXDatagram(path, Echo(b"unix"))
    print(udp.getHost().port, member.getHost().port, flush=True)
    stdio.StandardIO(UntilEnd())


def ask(port, group, group_port, path):
    udp = Asking((LOOPBACK, int(port)), [b"one", b"two", b""])
    multicast = Asking((group, int(group_port)), [b"all"], multicast=True)
    unix = Asking(path, [b"first", b"second"])
    reactor.listenUDP(0, udp, interface=LOOPBACK)
    reactor.listenMulticast(0, multicast)
    reactor.listenUNIXDatagram(path + ".asking", unix)
    defer.gatherResults([udp.done, multicast.done, unix.done]).addBoth(lambda _: reactor.stop())
    reactor.callLater(30, os._exit, 1)


{"serve": serve, "ask": ask}[sys.argv[1]](*sys.argv[2:])
reactor.run()
