"""Twisted's receivers of framed strings.

    talk KIND PORT     sends a few strings to an echo, checks what comes back, prints how many came, and ends
    serve KIND         prints a port, and sends each string back on one connection
"""
import sys

from twisted.internet import endpoints, protocol, reactor
from twisted.protocols import basic

KINDS = {
    "Netstring": basic.NetstringReceiver,
    "Length8": basic.Int8StringReceiver,
    "Length16": basic.Int16StringReceiver,
    "Length32": basic.Int32StringReceiver,
}
MESSAGES = [b"", b"one", bytes(range(255)), b"last"]
what, kind = sys.argv[1:3]


class Echo(KINDS[kind]):
    def stringReceived(self, string):
        self.sendString(string)

    def connectionLost(self, reason):
        reactor.stop()


class Asking(KINDS[kind]):
    def connectionMade(self):
        self.left = list(MESSAGES)
        for message in MESSAGES:
            self.sendString(message)

    def stringReceived(self, string):
        assert string == self.left.pop(0)
        if not self.left:
            print(len(MESSAGES), flush=True)
            self.transport.loseConnection()

    def connectionLost(self, reason):
        reactor.stop()


if what == "talk":
    endpoint = endpoints.TCP4ClientEndpoint(reactor, "127.0.0.1", int(sys.argv[3]), timeout=9)
    endpoints.connectProtocol(endpoint, Asking()).addErrback(lambda failure: (print(failure, file=sys.stderr), reactor.stop()))
else:
    factory = protocol.ServerFactory()
    factory.noisy = False
    factory.protocol = Echo
    print(reactor.listenTCP(0, factory, interface="127.0.0.1").getHost().port, flush=True)
reactor.run()
