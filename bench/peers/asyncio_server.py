"""asyncio's streams, a coroutine for each client."""
import asyncio
import re
import sys

ADD = re.compile(rb"^ADD (\d+) (\d+)$")
UPPER = re.compile(rb"^UPPER (.+)$")
LEN = re.compile(rb"^LEN (.+)$")
ECHO = re.compile(rb"^ECHO (.+)$")

clients = set()


def echo(line, writer):
    writer.write(line + b"\r\n")


def work(line, writer):
    if match := ADD.match(line):
        reply = b"%d" % (int(match[1]) + int(match[2]))
    elif match := UPPER.match(line):
        reply = match[1].upper()
    elif match := LEN.match(line):
        reply = b"%d" % len(match[1])
    elif match := ECHO.match(line):
        reply = match[1]
    else:
        reply = b"ERR unknown command"
    writer.write(reply + b"\r\n")


def broadcast(line, writer):
    if line.startswith(b"ALL "):
        for client in clients:
            client.write(line + b"\r\n")
    else:
        writer.write(line + b"\r\n")


async def serve(reader, writer):
    clients.add(writer)
    try:
        while line := await reader.readline():
            handle(line.removesuffix(b"\r\n"), writer)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        clients.discard(writer)
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print("PORT", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


handle = {"echo": echo, "work": work, "broadcast": broadcast}[sys.argv[1]]
asyncio.run(main())
