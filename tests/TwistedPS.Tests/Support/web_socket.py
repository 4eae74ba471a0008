"""A client of WebSockets, made with a library of others: python3 web_socket.py websockets|autobahn PORT"""
import sys

LONG = "é" * 5000


def with_websockets(port):
    import asyncio
    import websockets

    async def talk():
        async with websockets.connect(f"ws://127.0.0.1:{port}/", subprotocols=["other", "chat"]) as socket:
            print("protocol", socket.subprotocol)
            print(await socket.recv())
            for message in "one", LONG, ["in ", "three ", "fragments"]:
                await socket.send(message)
                print(await socket.recv())
            await (await socket.ping())
            print("pong")
            await socket.send("bye")
            print(await socket.recv())
            await socket.wait_closed()
            print("closed", socket.close_code)

    asyncio.run(talk())


def with_autobahn(port):
    from autobahn.twisted.websocket import WebSocketClientFactory, WebSocketClientProtocol
    from twisted.internet import reactor

    class Client(WebSocketClientProtocol):
        def onConnect(self, response):
            print("protocol", response.protocol)
            self.left = ["one", LONG, "in three fragments"]

        def onMessage(self, payload, isBinary):
            text = payload.decode()
            print(text)
            if text == "bye":
                return
            if not self.left:
                self.sendPing(b"x")
                return
            message = self.left.pop(0).encode()
            if self.left:
                self.sendMessage(message)
            else:
                self.sendMessage(message, fragmentSize=5)

        def onPong(self, payload):
            print("pong")
            self.sendMessage(b"bye")

        def onClose(self, wasClean, code, reason):
            print("closed", code if wasClean else "uncleanly")
            reactor.stop()

    factory = WebSocketClientFactory(f"ws://127.0.0.1:{port}/", protocols=["other", "chat"])
    factory.protocol = Client
    reactor.connectTCP("127.0.0.1", port, factory)
    reactor.run()


sys.stdout.reconfigure(encoding="utf-8")
{"websockets": with_websockets, "autobahn": with_autobahn}[sys.argv[1]](int(sys.argv[2]))
