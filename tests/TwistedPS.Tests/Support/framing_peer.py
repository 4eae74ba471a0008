"""Framings as Python writes and reads them.

    talk KIND PORT     sends a few messages to an echo, checks what comes back, prints how many came, and ends
    serve KIND         prints a port, and sends each message back on one connection
"""
import asyncio
import struct
import sys


def varint(number):
    said = bytearray()
    while number > 127:
        said.append(number % 128 + 128)
        number //= 128
    return bytes(said) + bytes([number])


async def read_varint(reader):
    number = shift = 0
    while True:
        byte = (await reader.readexactly(1))[0]
        number += (byte & 127) << shift
        if byte < 128:
            return number
        shift += 7


class Varint:
    @staticmethod
    def frame(message):
        return varint(len(message)) + message

    @staticmethod
    async def read(reader):
        return await reader.readexactly(await read_varint(reader))


class LittleEndian:
    @staticmethod
    def frame(message):
        return struct.pack("<I", len(message)) + message

    @staticmethod
    async def read(reader):
        return await reader.readexactly(struct.unpack("<I", await reader.readexactly(4))[0])


class Header:
    """A type, a length that includes the whole header, and a number."""

    @staticmethod
    def frame(message):
        return struct.pack("<BHI", 7, len(message) + 7, 99) + message

    @staticmethod
    async def read(reader):
        kind, length, number = struct.unpack("<BHI", await reader.readexactly(7))
        assert (kind, number) == (7, 99), (kind, number)
        return await reader.readexactly(length - 7)


KINDS = {"varint": Varint, "little-endian": LittleEndian, "header": Header}
MESSAGES = [b"", b"one", bytes(range(256)), b"x" * 20000, b"last"]


async def talk(kind, port):
    reader, writer = await asyncio.open_connection("127.0.0.1", int(port))
    for message in MESSAGES:
        writer.write(kind.frame(message))
    writer.write_eof()
    for message in MESSAGES:
        assert await kind.read(reader) == message
    assert not await reader.read()
    print(len(MESSAGES))


async def serve(kind):
    done = asyncio.Event()

    async def echo(reader, writer):
        try:
            while True:
                writer.write(kind.frame(await kind.read(reader)))
        except asyncio.IncompleteReadError:
            writer.close()
            done.set()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await done.wait()


what, kind, *rest = sys.argv[1:]
asyncio.run({"talk": talk, "serve": serve}[what](KINDS[kind], *rest))
