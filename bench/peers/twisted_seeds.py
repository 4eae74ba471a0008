"""The small systems that articles on Twisted describe, in Twisted, as far as the loads use them."""
import os
import re

from twisted.internet import protocol
from twisted.protocols.basic import LineReceiver
from twisted.python import log
from twisted.web import resource, server

CHAT = re.compile(rb"/(join|leave|msg|nick) (#?\w+)(?: (.*))?\Z")


class Chat(LineReceiver):
    """A channel is a set of clients; everybody hears who joins, leaves, and changes nick."""

    guests = 0
    channels = {}

    def connectionMade(self):
        Chat.guests += 1
        self.nick = b"guest%d" % Chat.guests
        self.factory.clients.add(self)

    def connectionLost(self, reason):
        self.factory.clients.discard(self)
        for members in self.channels.values():
            members.discard(self)

    def lineReceived(self, line):
        match = CHAT.match(line)
        if not match:
            self.sendLine(b"error: line did not conform to chat server requirements!")
            return
        command, name, text = match.groups()
        getattr(self, "on_" + command.decode())(name, text)

    def on_join(self, name, text):
        self.channels.setdefault(name, set()).add(self)
        self.tell(self.factory.clients, b"%b has joined the channel %b" % (self.nick, name))

    def on_leave(self, name, text):
        self.channels[name].discard(self)
        if not self.channels[name]:
            del self.channels[name]
        self.tell(self.factory.clients, b"%b has left the channel %b" % (self.nick, name))

    def on_nick(self, name, text):
        old, self.nick = self.nick, name
        self.tell(self.factory.clients, b"%b is changing nick to %b" % (old, name))

    def on_msg(self, name, text):
        self.tell(self.channels.get(name, ()), b"%b to %b: %b" % (self.nick, name, text))

    def tell(self, clients, line):
        for client in clients:
            client.sendLine(line)


class Cars(protocol.Protocol):
    """Sends all cars to whoever connects, and closes."""

    def connectionMade(self):
        self.transport.write(b".".join(CARS))
        self.transport.loseConnection()


class Commands(LineReceiver):
    """Knows no command but exit here; those of the article run programs, and are no load."""

    delimiter = b"\n"

    def lineReceived(self, line):
        log.msg("Cmd received from %s : %s" % (self.transport.getPeer().host, line.decode()))
        if line == b"exit":
            self.transport.loseConnection()
        else:
            self.sendLine(b"Command not found.")


class Text(LineReceiver):
    """Greets, and answers hello and goodbye."""

    def connectionMade(self):
        self.sendLine(b"Connection with the server established!")

    def lineReceived(self, line):
        if line == b"hello":
            self.sendLine(b"Hello! How are you?")
        elif line == b"goodbye":
            self.sendLine(b"Noooo don't go awayyyyy...")
            self.transport.loseConnection()


class Counter(resource.Resource):
    """Tells each request its number."""

    isLeaf = True
    count = 0

    def render_GET(self, request):
        self.count += 1
        request.setHeader(b"content-type", b"text/plain")
        return b"I am request #%d\n" % self.count


def counter_site():
    site = server.Site(Counter())
    site.noisy = False
    return site


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "cars.txt"), "rb") as file:
    CARS = file.read().split()
