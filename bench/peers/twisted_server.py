"""Twisted's LineReceiver and DatagramProtocol on the platform's default reactor (epoll on Linux)."""
import datetime
import json
import os
import re
import sys
import tempfile

from twisted.internet import protocol, reactor
from twisted.protocols import portforward
from twisted.protocols.basic import Int32StringReceiver, LineReceiver

from twisted_seeds import Cars, Chat, Commands, Text, counter_site

ADD = re.compile(rb"^ADD (\d+) (\d+)$")
UPPER = re.compile(rb"^UPPER (.+)$")
LEN = re.compile(rb"^LEN (.+)$")
ECHO = re.compile(rb"^ECHO (.+)$")
IS = re.compile(rb"^(\w+) is (\d+)$")


class Echo(LineReceiver):
    def lineReceived(self, line):
        self.sendLine(line)


class Framed(Int32StringReceiver):
    def stringReceived(self, string):
        self.sendString(string)


class Work(LineReceiver):
    def lineReceived(self, line):
        if match := ADD.match(line):
            self.sendLine(b"%d" % (int(match[1]) + int(match[2])))
        elif match := UPPER.match(line):
            self.sendLine(match[1].upper())
        elif match := LEN.match(line):
            self.sendLine(b"%d" % len(match[1]))
        elif match := ECHO.match(line):
            self.sendLine(match[1])
        else:
            self.sendLine(b"ERR unknown command")


def reply(line):
    return line.upper()


class Function(LineReceiver):
    def lineReceived(self, line):
        self.sendLine(reply(line))


class Cmdlet(LineReceiver):
    def lineReceived(self, line):
        time = datetime.datetime.fromtimestamp(int(line), datetime.timezone.utc)
        self.sendLine(time.strftime("%Y-%m-%d").encode())


class Pipeline(LineReceiver):
    def lineReceived(self, line):
        self.sendLine(b" ".join(word for word in line.split(b" ") if len(word) > 4))


class Json(LineReceiver):
    def lineReceived(self, line):
        order = json.loads(line)
        self.sendLine(f"{order['name']}: {order['price'] * order['count']}".encode())


class State(LineReceiver):
    total = 0

    def connectionMade(self):
        self.lines, self.last = 0, b""

    def lineReceived(self, line):
        self.lines += 1
        self.last = line
        State.total += 1
        self.sendLine(self.last)


class Match(LineReceiver):
    def lineReceived(self, line):
        if match := IS.match(line):
            self.sendLine(b"%b is %b" % (match[2], match[1]))
        else:
            self.sendLine(b"ERR")


class Broadcast(LineReceiver):
    def connectionMade(self):
        self.factory.clients.add(self)

    def connectionLost(self, reason):
        self.factory.clients.discard(self)

    def lineReceived(self, line):
        if line.startswith(b"ALL "):
            for client in self.factory.clients:
                client.sendLine(line)
        else:
            self.sendLine(line)


class Resp(LineReceiver):
    """The values of a line's length are read in raw mode, and the rest as lines again."""

    def connectionMade(self):
        self.words, self.count, self.length, self.data = [], 0, 0, b""

    def lineReceived(self, line):
        if line[:1] == b"$":
            self.length = int(line[1:]) + 2
            self.setRawMode()
        else:
            self.words, self.count = [], int(line[1:])

    def rawDataReceived(self, data):
        self.data += data
        if len(self.data) < self.length:
            return
        word, rest = self.data[:self.length - 2], self.data[self.length:]
        self.data = b""
        self.words.append(word)
        if len(self.words) == self.count:
            self.commandReceived()
        self.setLineMode(rest)

    def commandReceived(self):
        name = self.words[0].upper()
        if name == b"GET":
            value = self.factory.values.get(self.words[1])
            self.transport.write(b"$-1\r\n" if value is None else b"$%d\r\n%s\r\n" % (len(value), value))
        elif name == b"SET":
            self.factory.values[self.words[1]] = self.words[2]
            self.sendLine(b"+OK")
        else:
            self.sendLine(b"-ERR unknown command")


class Datagrams(protocol.DatagramProtocol):
    noisy = False

    def datagramReceived(self, data, address):
        self.transport.write(data, address)


factory = protocol.ServerFactory()
factory.noisy = False
factory.protocol = {
    "echo": Echo, "tls": Echo, "unix": Echo, "framed": Framed, "work": Work, "broadcast": Broadcast, "resp": Resp,
    "function": Function, "cmdlet": Cmdlet, "pipeline": Pipeline, "json": Json, "sendline": Echo, "state": State, "match": Match,
    "cars": Cars, "chat": Chat, "commands": Commands, "text": Text,
}.get(sys.argv[1])
factory.clients = set()
factory.values = {}
if sys.argv[1] == "counter":
    factory = counter_site()
if sys.argv[1] == "unix":
    path = os.path.join(tempfile.gettempdir(), f"twisted-bench-{os.getpid()}")
    reactor.listenUNIX(path, factory)
    print("PATH", path, flush=True)
else:
    if sys.argv[1] == "relay":
        factory = portforward.ProxyFactory("127.0.0.1", int(os.environ["TWISTEDPS_BENCH_TARGET"]))
        factory.noisy = False
    if sys.argv[1] == "tls":
        from twisted.internet import ssl

        folder = os.environ["TWISTEDPS_BENCH_TLS"]
        context = ssl.DefaultOpenSSLContextFactory(
            os.path.join(folder, "key.pem"), os.path.join(folder, "certificate.pem"), sslmethod=ssl.SSL.TLS_METHOD)
        context.getContext().set_session_id(b"bench")
        port = reactor.listenSSL(0, factory, context, interface="127.0.0.1")
    elif sys.argv[1] == "datagrams":
        port = reactor.listenUDP(0, Datagrams(), interface="127.0.0.1")
    else:
        port = reactor.listenTCP(0, factory, interface="127.0.0.1")
    print("PORT", port.getHost().port, flush=True)
reactor.run()
