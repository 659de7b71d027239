from __future__ import annotations

import asyncio
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest

from storage.errors import FetchError
from tests.retrieval.ingest.doors import FEED, door
from tests.retrieval.ingest.servers import LoopbackServer, Reply, Request


async def bomb() -> AsyncIterator[bytes]:
    """A gibibyte of zeros as a mebibyte of gzip."""
    compressor = zlib.compressobj(9, wbits=16 + zlib.MAX_WBITS)
    for _ in range(1024):
        yield compressor.compress(bytes(2**20))
        await asyncio.sleep(0)
    yield compressor.flush()


async def test_a_bomb_stops_near_the_limit() -> None:
    limit = 4 * 2**20
    reply = Reply(headers={"Content-Encoding": "gzip"}, body=bomb)
    async with LoopbackServer({"/": reply}) as server, door(max_body_bytes=limit) as http:
        tracemalloc.start()
        with pytest.raises(FetchError, match="larger than 4 MiB"):
            await http.get(server.url())
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

        # The bomb's own mebibytes of zeros are made in this process too.
        assert peak < 4 * limit


async def endless() -> AsyncIterator[bytes]:
    while True:
        yield bytes(2**16)


async def test_an_endless_body_stops_at_the_limit() -> None:
    async with LoopbackServer({"/": Reply(body=endless)}) as server, door(max_body_bytes=10**6) as http:
        with pytest.raises(FetchError, match="larger than"):
            await http.get(server.url())


async def test_a_body_announced_as_too_large_is_not_read() -> None:
    raw = b"HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\n"
    async with LoopbackServer({"/": Reply(raw=raw)}) as server, door() as http:
        with pytest.raises(FetchError, match="larger than 15 MiB"):
            await http.get(server.url())


async def trickle(head: bytes) -> AsyncIterator[bytes]:
    yield head
    while True:
        yield b"x"
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTT"]
)
async def test_a_trickle_is_cut_at_the_deadline(head: bytes) -> None:
    reply = Reply(raw=lambda: trickle(head))
    async with LoopbackServer({"/": reply}) as server, door(total_timeout=timedelta(seconds=0.2)) as http:
        with pytest.raises(FetchError, match=r"no complete answer within 0\.2 s"):
            await http.get(server.url())


async def test_redirects_and_body_share_one_deadline() -> None:
    async def slow() -> AsyncIterator[bytes]:
        await asyncio.sleep(0.12)
        yield b"HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n"

    routes = {"/": Reply(raw=slow), "/next": Reply(raw=lambda: trickle(b"HTTP/1.1 200 OK\r\n\r\n"))}
    async with LoopbackServer(routes) as server, door(total_timeout=timedelta(seconds=0.2)) as http:
        started = asyncio.get_running_loop().time()
        with pytest.raises(FetchError, match=r"no complete answer within 0\.2 s"):
            await http.get(server.url())

        assert asyncio.get_running_loop().time() - started < 2
        assert [request.path for request in server.requests] == ["/", "/next"]


async def test_a_name_that_takes_for_ever_to_look_up_is_cut_at_the_deadline() -> None:
    async def never(_host: str) -> Sequence[str]:
        await asyncio.Event().wait()
        return ()

    async with door(resolver=never, total_timeout=timedelta(seconds=0.05)) as http:
        with pytest.raises(FetchError, match="no complete answer"):
            await http.get("http://example.com/")


async def test_a_request_that_is_cancelled_stays_cancelled_and_the_door_works_on() -> None:
    began = asyncio.Event()

    def begin(_request: Request) -> Reply:
        began.set()
        return Reply(raw=lambda: trickle(b"HTTP/1.1 200 OK\r\n\r\n"))

    async with LoopbackServer({"/slow": begin, "/": Reply(body=FEED)}) as server, door() as http:
        task = asyncio.create_task(http.get(server.url("/slow")))
        await began.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        assert (await http.get(server.url())).body == FEED
