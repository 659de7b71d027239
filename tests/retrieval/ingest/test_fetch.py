from __future__ import annotations

import gzip
import zlib

import pytest

from storage.errors import FetchError
from tests.retrieval.ingest.doors import FEED, door
from tests.retrieval.ingest.servers import LoopbackServer, Reply, Request


async def test_a_page_comes_with_what_its_headers_say() -> None:
    headers = {
        "Content-Type": "application/rss+xml",
        "ETag": '"1"',
        "Last-Modified": "Sun, 01 Mar 2026 10:00:00 GMT",
        "Cache-Control": "public, max-age=900",
    }
    async with LoopbackServer({"/feed": Reply(headers=headers, body=FEED)}) as server, door() as http:
        fetched = await http.get(server.url("/feed?a=b#c"), accept="application/rss+xml")

        assert fetched.url == server.url("/feed?a=b")
        assert fetched.body == FEED
        assert fetched.content_type == "application/rss+xml"
        assert (fetched.etag, fetched.last_modified) == ('"1"', "Sun, 01 Mar 2026 10:00:00 GMT")
        assert fetched.max_age_seconds == 900
        assert not fetched.not_modified
        sent = server.requests[0]
        assert (sent.method, sent.target) == ("GET", "/feed?a=b")
        assert sent.headers["host"] == f"127.0.0.1:{server.port}"
        assert sent.headers["user-agent"] == "Tidings/test"
        assert sent.headers["accept"] == "application/rss+xml"
        assert sent.headers["accept-encoding"] == "gzip, deflate"
        assert "if-none-match" not in sent.headers


async def test_a_bare_page_has_no_validators() -> None:
    async with LoopbackServer({"/": Reply(body=b"x")}) as server, door() as http:
        fetched = await http.get(server.url())

        assert (fetched.etag, fetched.last_modified, fetched.content_type, fetched.max_age_seconds) == (None,) * 4


@pytest.mark.parametrize(
    ("cache_control", "seconds"),
    [
        ("max-age=60", 60),
        ('private,MAX-AGE="60"', 60),
        ("s-maxage=60", None),
        ("no-cache, max-age=60", None),
        ("x", None),
    ],
)
async def test_the_wish_to_be_left_alone_is_read(cache_control: str, seconds: int | None) -> None:
    reply = Reply(headers={"Cache-Control": cache_control}, body=FEED)
    async with LoopbackServer({"/": reply}) as server, door() as http:
        assert (await http.get(server.url())).max_age_seconds == seconds


async def test_an_unchanged_page_is_not_sent_again() -> None:
    def answer(request: Request) -> Reply:
        same = request.headers.get("if-none-match") == '"1"' and "if-modified-since" in request.headers
        return Reply(status=304, headers={"ETag": '"1"'}) if same else Reply(body=FEED)

    async with LoopbackServer({"/": answer}) as server, door() as http:
        fetched = await http.get(server.url(), etag='"1"', last_modified="Sun, 01 Mar 2026 10:00:00 GMT")

        assert fetched.not_modified
        assert fetched.body == b""
        assert fetched.etag == '"1"'


async def test_an_unasked_not_modified_is_an_error() -> None:
    async with LoopbackServer({"/": Reply(status=304)}) as server, door() as http:
        with pytest.raises(FetchError, match="nothing changed") as caught:
            await http.get(server.url())

        assert caught.value.status == 304


async def test_a_validator_that_would_break_a_header_is_left_out() -> None:
    async with LoopbackServer({"/": Reply(body=FEED)}) as server, door() as http:
        await http.get(server.url(), etag='"1"\r\nX-Evil: yes', last_modified="gestern\n")

        assert not {"if-none-match", "if-modified-since", "x-evil"} & server.requests[0].headers.keys()


@pytest.mark.parametrize(
    ("encoding", "sent"), [("gzip", gzip.compress(FEED, mtime=0)), ("deflate", zlib.compress(FEED)), ("identity", FEED)]
)
async def test_a_compressed_page_is_decoded(encoding: str, sent: bytes) -> None:
    reply = Reply(headers={"Content-Encoding": encoding}, body=sent)
    async with LoopbackServer({"/": reply}) as server, door() as http:
        assert (await http.get(server.url())).body == FEED


async def test_an_empty_page_is_empty() -> None:
    async with LoopbackServer({"/": Reply()}) as server, door() as http:
        assert (await http.get(server.url())).body == b""


async def test_one_connection_serves_several_requests() -> None:
    async with LoopbackServer({"/": Reply(body=FEED)}) as server, door() as http:
        for _ in range(3):
            await http.get(server.url())

        assert server.connections == 1


async def test_a_kept_connection_that_was_closed_meanwhile_is_replaced_once() -> None:
    async with LoopbackServer() as server, door() as http:
        closing = Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", reset=False)
        broken = Reply(raw=b"")
        server.routes["/"] = [Reply(body=b"1"), broken, closing]

        first = await http.get(server.url())
        second = await http.get(server.url())

        assert (first.body, second.body) == (b"1", b"x")
        assert server.connections == 2
