"""Posts prepared webhook requests over many connections and times each answer."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from urllib.parse import urlencode

from tests.peers.envelopes import Letter


@dataclass(frozen=True)
class Timing:
    """How a run went: answers a second, and seconds until half and until 99 in 100 had theirs."""

    rate: float
    p50: float
    p99: float


def request(letter: Letter) -> bytes:
    """The letter as bytes on the line."""
    head = f"POST /wechat?{urlencode(letter.query)} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    return f"{head}Content-Length: {len(letter.body)}\r\n\r\n".encode() + letter.body


def flat_out(port: int, requests: Sequence[bytes], connections: int) -> Timing:
    """As fast as so many connections get their answers."""
    return asyncio.run(_run(port, requests, connections, 0))


def steadily(port: int, requests: Sequence[bytes], connections: int, rate: float) -> Timing:
    """`rate` a second, each timed from the moment it was meant to leave."""
    return asyncio.run(_run(port, requests, connections, 1 / rate))


async def _run(port: int, requests: Sequence[bytes], connections: int, gap: float) -> Timing:
    began = perf_counter()
    turns = iter(enumerate(requests))
    waits: list[float] = []

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for turn, bytes_ in turns:
            meant = began + turn * gap if gap else perf_counter()
            await asyncio.sleep(max(0.0, meant - perf_counter()))
            writer.write(bytes_)
            await _answer(reader)
            waits.append(perf_counter() - meant)
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(connection() for _ in range(connections)))
    took = perf_counter() - began
    waits.sort()
    return Timing(len(waits) / took, waits[len(waits) // 2], waits[int(len(waits) * 0.99)])


async def _answer(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    assert head.startswith(b"http/1.1 200"), head
    length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
    body = await reader.readexactly(length)
    assert b"<Encrypt>" in body, body
