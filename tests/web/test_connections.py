"""Idle and slow connections are closed; what is asked in time is answered."""

import asyncio
import socket

import uvicorn
from starlette.responses import PlainTextResponse

from bot.web.connections import Bounded


class Hasty(Bounded):
    most, headers_within, body_within = 3, 0.3, 0.3


async def _read_all(port: int, said: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(said)
    try:
        return await asyncio.wait_for(reader.read(), 5)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


def test_what_is_silent_or_slow_is_closed() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    config = uvicorn.Config(PlainTextResponse("here"), http=Hasty, log_config=None, lifespan="off")

    async def story() -> None:
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        whole = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        assert (await _read_all(port, whole)).endswith(b"here")
        assert await _read_all(port, b"") == b"", "silent"
        assert await _read_all(port, b"GET / HTTP/1.1\r\nHost:") == b"", "slow headers"
        opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        assert await _read_all(port, whole) == b"", "one too many"
        await asyncio.sleep(0.5)
        assert (await _read_all(port, whole)).endswith(b"here"), "the silent ones are gone"
        for _, writer in opened:
            writer.close()
        server.should_exit = True
        await serving

    asyncio.run(story())
