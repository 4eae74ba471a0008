"""Twisted as the other side of TLS and STARTTLS: server|client|starttls-server|starttls-client PORT FOLDER."""
import sys

from twisted.internet import endpoints, protocol, reactor, ssl
from twisted.protocols.basic import LineReceiver

side, port, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
begins_later = side.startswith('starttls')


def read(name):
    with open(f'{folder}/{name}') as file:
        return file.read()


own = ssl.PrivateCertificate.loadPEM(read('server.pem') + read('server.key'))
authority = ssl.Certificate.loadPEM(read('ca.pem'))


class Served(LineReceiver):
    """Answers lines; STARTTLS begins TLS."""

    def lineReceived(self, line):
        if line == b'STARTTLS':
            self.sendLine(b'go ahead')
            self.transport.startTLS(own.options())
        else:
            self.sendLine(b'<' + line + b'>')


class Asking(LineReceiver):
    """Sends lines, and begins TLS first where it is to begin later."""

    def connectionMade(self):
        self.sendLine(b'STARTTLS' if begins_later else b'hello')

    def lineReceived(self, line):
        print(line.decode(), flush=True)
        if line == b'go ahead':
            self.transport.startTLS(ssl.optionsForClientTLS('localhost', authority))
            self.sendLine(b'hello')
        else:
            self.transport.loseConnection()

    def connectionLost(self, reason):
        print(reason.type.__name__, flush=True)
        if reactor.running:
            reactor.stop()


if side.endswith('server'):
    factory = protocol.Factory.forProtocol(Served)
    if begins_later:
        listening = reactor.listenTCP(0, factory, interface='127.0.0.1')
    else:
        listening = reactor.listenSSL(0, factory, own.options(), interface='127.0.0.1')
    print(listening.getHost().port, flush=True)
else:
    if begins_later:
        endpoint = endpoints.HostnameEndpoint(reactor, 'localhost', port)
    else:
        endpoint = endpoints.wrapClientTLS(
            ssl.optionsForClientTLS('localhost', authority), endpoints.HostnameEndpoint(reactor, 'localhost', port))
    endpoint.connect(protocol.Factory.forProtocol(Asking))
reactor.callLater(60, reactor.stop)
reactor.run()
