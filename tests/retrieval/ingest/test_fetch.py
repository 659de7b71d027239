from __future__ import annotations

import asyncio
import gzip
import json
import logging
import socket
import ssl
import subprocess
import threading
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpcore
import pytest

from retrieval.ingest.connect import CheckedBackend, ForbiddenAddress, SystemResolver
from retrieval.ingest.fetch import MAX_REDIRECTS, HttpDoor
from storage.domain.why import Why
from storage.errors import AddressRefused, FetchError
from tests.retrieval.ingest.servers import LoopbackServer, Reply, Request, redirect

FEED = b"<rss><channel><title>News</title></channel></rss>"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TRUST = ssl.create_default_context()


def open_door(**settings: Any) -> HttpDoor:
    """A door for a loopback server; TLS authorities are read once for all tests."""
    defaults: dict[str, Any] = {"allow_private": True, "ssl_context": TRUST, "clock": lambda: NOW}
    return HttpDoor(user_agent="Tidings/test", **(defaults | settings))


@asynccontextmanager
async def door(**settings: Any) -> AsyncIterator[HttpDoor]:
    opened = open_door(**settings)
    try:
        yield opened
    finally:
        await opened.aclose()


class NoConnections(httpcore.AsyncNetworkBackend):
    """A connector that only writes down where it was asked to connect."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.asked.append(f"{host}:{port}")
        raise httpcore.ConnectError("written down")


class Names:
    """A resolver that knows what it is told: each look-up takes the next answer, the last one for ever."""

    def __init__(self, answers: dict[str, list[Sequence[str]]]) -> None:
        self._answers = answers
        self.asked: list[str] = []

    async def __call__(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        if host not in self._answers:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        answers = self._answers[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]


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
    ("encoding", "sent"), [("gzip", gzip.compress(FEED)), ("deflate", zlib.compress(FEED)), ("identity", FEED)]
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


# Limits


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


# Answers that are no answers

ENDLESS_HEADERS = b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: flood\r\n" % n for n in range(20_000))


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(raw=ENDLESS_HEADERS), "does not speak proper HTTP"),
        (Reply(raw=b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000), "does not speak proper HTTP"),
        (Reply(raw=b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), "does not speak proper HTTP"),
        (Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nx"), "does not speak proper HTTP"),
        (Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx"), "proper HTTP"),
        (Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"), "the answer broke off"),
        (Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "does not speak proper HTTP"),
        (Reply(raw=b""), "the answer broke off"),
        (Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", reset=True), "connection reset"),
        (Reply(raw=b"", reset=True), "connection reset"),
        (Reply(headers={"Content-Encoding": "br"}, body=b"x"), "content encoding 'br' is not read"),
        (Reply(headers={"Content-Encoding": "gzip, gzip"}, body=b"x"), "content encoding"),
        (Reply(headers={"Content-Encoding": "gzip"}, body=gzip.compress(FEED)[:-9]), "ends too early"),
        (Reply(headers={"Content-Encoding": "gzip"}, body=FEED), "damaged"),
        (Reply(status=204), "HTTP status 204"),
        (Reply(status=206, body=b"part"), "HTTP status 206"),
        (Reply(raw=b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), "does not speak proper HTTP"),
        (Reply(status=302), "leads nowhere"),
        (Reply(status=300, headers={"Location": "/next"}), "HTTP status 300"),
    ],
    ids=lambda value: value if isinstance(value, str) else "reply",
)
async def test_a_bad_answer_is_one_clear_line(reply: Reply, reason: str) -> None:
    async with LoopbackServer({"/": reply}) as server, door() as http:
        with pytest.raises(FetchError, match=reason) as caught:
            await http.get(server.url())

        assert str(caught.value).startswith(server.url())
        assert "\n" not in str(caught.value)
        assert len(server.requests) == 1


async def test_a_body_longer_than_announced_ends_where_announced() -> None:
    raw = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef"
    async with LoopbackServer({"/": Reply(raw=raw)}) as server, door() as http:
        assert (await http.get(server.url())).body == b"abc"


async def test_a_body_without_a_length_ends_with_the_connection() -> None:
    raw = b"HTTP/1.0 200 OK\r\n\r\nabc"
    async with LoopbackServer({"/": Reply(raw=raw)}) as server, door() as http:
        assert (await http.get(server.url())).body == b"abc"


@pytest.mark.parametrize(
    ("status", "reason"),
    [(404, "nothing at this address"), (410, "gone for good"), (403, "refuses"), (401, "login"), (500, "status 500")],
)
async def test_an_http_error_says_its_status(status: int, reason: str) -> None:
    async with LoopbackServer({"/": Reply(status=status, body=b"page")}) as server, door() as http:
        with pytest.raises(FetchError, match=reason) as caught:
            await http.get(server.url())

        assert caught.value.status == status
        assert str(status) in caught.value.reason
        assert caught.value.retry_after is None


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("120", 120),
        ("Sun, 01 Mar 2026 12:05:00 GMT", 300),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0),
        ("Sun, 01 Mar 2026 12:05:00 -0000", 300),
        ("9" * 400, 7 * 24 * 3600),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 7 * 24 * 3600),
        ("soon", None),
        ("-5", None),
        ("Sun, 99 Foo 2026 12:05:00 GMT", None),
    ],
)
async def test_a_server_that_asks_to_wait_is_heard(status: int, retry_after: str, seconds: int | None) -> None:
    reply = Reply(status=status, headers={"Retry-After": retry_after})
    async with LoopbackServer({"/": reply}) as server, door() as http:
        with pytest.raises(FetchError) as caught:
            await http.get(server.url())

        expected = None if seconds is None else timedelta(seconds=seconds)
        assert (caught.value.status, caught.value.retry_after) == (status, expected)


async def test_a_closed_port_is_refused_in_plain_words() -> None:
    async with LoopbackServer() as server:
        url = server.url()

    async with door() as http:
        with pytest.raises(FetchError, match=f"{url}: connection refused"):
            await http.get(url)


@pytest.mark.parametrize(
    ("error", "reason", "why"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), "no address is known for this host name", Why.NO_HOST),
        (socket.gaierror(socket.EAI_AGAIN, "try again"), r"cannot be looked up \(no network\?\)", Why.NO_NETWORK),
        (OSError("broken"), "cannot be looked up", Why.NO_NETWORK),
        (None, "the host name has no address", Why.NO_HOST),
    ],
)
async def test_a_name_without_address_is_told_from_a_network_that_is_down(
    error: OSError | None, reason: str, why: Why
) -> None:
    async def fail(_host: str) -> Sequence[str]:
        if error is not None:
            raise error
        return ()

    async with door(resolver=fail) as http:
        with pytest.raises(FetchError, match=reason) as raised:
            await http.get("http://nowhere.example/")

    assert raised.value.why is why


async def test_a_socket_file_is_never_opened() -> None:
    backend = CheckedBackend(resolver=SystemResolver(), connector=NoConnections(), allow_private=True)

    with pytest.raises(ForbiddenAddress, match="socket file"):
        await backend.connect_unix_socket("/var/run/docker.sock")


async def test_a_date_to_come_back_is_counted_from_the_present() -> None:
    reply = Reply(status=503, headers={"Retry-After": "Sun, 01 Mar 2020 12:00:00 GMT"})
    async with LoopbackServer({"/": reply}) as server:
        http = HttpDoor(user_agent="Tidings/test", allow_private=True, ssl_context=TRUST)
        with pytest.raises(FetchError) as caught:
            await http.get(server.url())
        await http.aclose()

    assert caught.value.retry_after == timedelta(0)


async def test_the_system_resolver_knows_loopback_and_says_when_there_is_nothing() -> None:
    resolver = SystemResolver()

    assert "127.0.0.1" in await resolver("127.0.0.1")
    with pytest.raises(OSError, match=r".+"):
        await resolver("no-such-name.invalid")


async def test_a_look_up_that_was_given_up_keeps_its_place_until_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = threading.Event()
    asked: list[str] = []

    def slow(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        answer.wait(10)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    resolver = SystemResolver(limit=1)
    abandoned = asyncio.create_task(resolver("first.example"))
    while not asked:  # noqa: ASYNC110 - a thread says so, not a task
        await asyncio.sleep(0)
    abandoned.cancel()
    second = asyncio.create_task(resolver("second.example"))
    await asyncio.sleep(0.01)
    asked_meanwhile = list(asked)
    answer.set()

    assert await second == ("8.8.8.8",)
    assert asked_meanwhile == ["first.example"]
    assert abandoned.cancelled()


async def test_an_address_that_does_not_answer_gives_way_to_the_next() -> None:
    async with LoopbackServer({"/": Reply(body=FEED)}) as server:
        names = Names({"news.example": [["::1", "127.0.0.1"]]})
        async with door(resolver=names) as http:
            fetched = await http.get(server.url("/", host="news.example"))

        assert fetched.body == FEED
        assert server.requests[0].headers["host"] == f"news.example:{server.port}"


async def test_a_plain_server_behind_https_is_a_clear_error() -> None:
    async with LoopbackServer({"/": Reply(body=FEED)}) as server, door() as http:
        with pytest.raises(FetchError, match="no secure connection could be made"):
            await http.get(server.url().replace("http:", "https:"))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of our own making, with its key, for `localhost` alone."""
    folder = tmp_path_factory.mktemp("tls")
    pem = folder / "server.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    try:
        subprocess.run([*command, "-keyout", pem, "-out", folder / "cert.pem"], check=True, capture_output=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("openssl, which makes the test's certificate, is not installed")
    pem.write_bytes(pem.read_bytes() + (folder / "cert.pem").read_bytes())
    return pem


async def test_a_certificate_must_be_trusted_and_name_the_host(certificate: Path) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    names = Names({"localhost": [["127.0.0.1"]], "other.example": [["127.0.0.1"]]})
    async with LoopbackServer({"/": Reply(body=FEED)}, tls=tls) as server:
        async with door(resolver=names) as http:
            with pytest.raises(FetchError, match="the certificate is not trusted"):
                await http.get(server.url(host="localhost"))

        trusting = ssl.create_default_context(cafile=str(certificate))
        async with door(resolver=names, ssl_context=trusting) as http:
            assert (await http.get(server.url(host="localhost"))).body == FEED
            with pytest.raises(FetchError, match="the certificate is not trusted"):
                await http.get(server.url(host="other.example"))


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_followed(status: int) -> None:
    routes = {"/a/b": redirect("../c?d=ä", status), "/c": Reply(body=FEED)}
    async with LoopbackServer(routes) as server, door() as http:
        fetched = await http.get(server.url("/a/b"))

        assert fetched.url == server.url("/c?d=%C3%A4")
        assert fetched.body == FEED


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
async def test_a_redirect_that_is_not_plain_ascii_is_followed(encoding: str) -> None:
    head = "HTTP/1.1 302 Found\r\nLocation: /é\r\nContent-Length: 0\r\n\r\n".encode(encoding)
    async with LoopbackServer({"/": Reply(raw=head), "/%C3%A9": Reply(body=FEED)}) as server, door() as http:
        assert (await http.get(server.url())).url == server.url("/%C3%A9")


async def test_a_redirect_that_climbs_above_the_root_ends_at_the_root() -> None:
    async with LoopbackServer({"/a": redirect("../../.."), "/": Reply(body=FEED)}) as server, door() as http:
        assert (await http.get(server.url("/a"))).url == server.url("/")


async def test_as_many_redirects_as_allowed_are_followed_and_not_one_more() -> None:
    routes = {f"/{n}": redirect(f"/{n + 1}") for n in range(MAX_REDIRECTS + 1)}
    routes[f"/{MAX_REDIRECTS + 1}"] = Reply(body=FEED)
    async with LoopbackServer(routes) as server, door() as http:
        assert (await http.get(server.url("/1"))).body == FEED
        with pytest.raises(FetchError, match="more than 5 redirects"):
            await http.get(server.url("/0"))


async def test_redirects_in_a_circle_end_at_once() -> None:
    async with LoopbackServer({"/a": redirect("/b"), "/b": redirect("/a#again")}) as server, door() as http:
        with pytest.raises(FetchError, match="round in a circle"):
            await http.get(server.url("/a"))

        assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("file:///etc/passwd", "only http:// and https://"),
        ("http://user:secret@127.0.0.1/", "user name or password"),
        ("http://[broken", "host|redirected"),
        ("gopher://127.0.0.1:6379/_INFO", "only http:// and https://"),
    ],
)
async def test_a_redirect_to_what_is_not_read_says_both_ends(location: str, reason: str) -> None:
    async with LoopbackServer({"/": redirect(location)}) as server, door() as http:
        with pytest.raises(FetchError, match=reason) as caught:
            await http.get(server.url())

        assert str(caught.value).startswith(f"{server.url()}: redirected to ")
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(headers={"Refresh": "0;url=http://169.254.169.254/"}, body=FEED),
        Reply(body=b'<meta http-equiv="refresh" content="0;url=http://169.254.169.254/">'),
    ],
)
async def test_only_the_location_of_a_redirect_is_followed(reply: Reply) -> None:
    async with LoopbackServer({"/": reply}) as server, door() as http:
        fetched = await http.get(server.url())

        assert fetched.body == reply.body
        assert len(server.requests) == 1


# Addresses


async def test_loopback_is_shut_unless_the_operator_opens_it() -> None:
    async with LoopbackServer({"/": Reply(body=FEED)}) as server, door(allow_private=False) as http:
        with pytest.raises(AddressRefused, match=r"127\.0\.0\.1 is a loopback address"):
            await http.get(server.url())

        assert server.connections == 0


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:169.254.169.254]:8000/",
        "//169.254.169.254/",
        "http://2852039166/",
    ],
)
async def test_a_redirect_to_a_metadata_service_is_refused_even_on_an_intranet(location: str) -> None:
    async with LoopbackServer({"/": redirect("/next"), "/next": redirect(location)}) as server, door() as http:
        with pytest.raises(AddressRefused, match="metadata") as caught:
            await http.get(server.url())

        assert caught.value.url == server.url()
        assert len(server.requests) == 2


async def test_a_name_that_changes_its_address_is_judged_at_every_connection() -> None:
    names = Names({"rebind.example": [["93.184.215.14"], ["127.0.0.1"]]})
    connector = NoConnections()
    async with door(allow_private=False, resolver=names, connector=connector) as http:
        with pytest.raises(FetchError) as first:
            await http.get("http://rebind.example/")
        with pytest.raises(AddressRefused):
            await http.get("http://rebind.example/")

    assert not isinstance(first.value, AddressRefused)
    assert connector.asked == ["93.184.215.14:80"]


async def test_the_judged_address_is_the_one_connected_to_and_looked_up_once() -> None:
    names = Names({"rebind.example": [["93.184.215.14", "93.184.215.15"], ["127.0.0.1"]]})
    connector = NoConnections()
    async with door(allow_private=False, resolver=names, connector=connector) as http:
        with pytest.raises(FetchError):
            await http.get("https://rebind.example/")

    assert names.asked == ["rebind.example"]
    assert connector.asked == ["93.184.215.14:443", "93.184.215.15:443"]


@pytest.mark.parametrize(
    "answer",
    [
        ["8.8.8.8", "127.0.0.1"],
        ["fd00::1", "8.8.8.8"],
        ["64:ff9b::7f00:1"],
        ["127.0.0.1"],
        ["fe80::1%eth0"],
        ["0.0.0.0"],  # noqa: S104 - judged, not listened on
    ],
)
async def test_one_forbidden_address_condemns_a_name(answer: Sequence[str]) -> None:
    connector = NoConnections()
    async with door(allow_private=False, resolver=Names({"mixed.example": [answer]}), connector=connector) as http:
        with pytest.raises(AddressRefused):
            await http.get("http://mixed.example/")

    assert connector.asked == []


@pytest.mark.parametrize(
    "name", ["localhost", "localhost.", "x.localhost", "printer.local", "metadata.google.internal"]
)
async def test_a_local_name_is_not_even_looked_up(name: str) -> None:
    names = Names({name: [["8.8.8.8"]]})
    async with door(allow_private=False, resolver=names, connector=NoConnections()) as http:
        with pytest.raises(AddressRefused, match="local name"):
            await http.get(f"http://{name}/")

    assert names.asked == []


async def test_the_environments_proxy_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with LoopbackServer({"/": Reply(body=b"direct")}) as server, LoopbackServer() as proxy, door() as http:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url())

        assert (await http.get(server.url())).body == b"direct"
        assert proxy.connections == 0


async def test_no_password_reaches_an_error_or_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with door() as http:
        with pytest.raises(FetchError) as caught:
            await http.get("http://reader:hunter2@example.com/feed")

    assert str(caught.value) == "http://example.com/feed: addresses with a user name or password are not read"
    assert "hunter2" not in caplog.text


# The table of hostile addresses


@pytest.fixture(scope="session")
def table(shared: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((shared / "hostile" / "ssrf.json").read_text(encoding="utf-8"))
    return loaded


def is_forbidden(row: dict[str, Any]) -> bool:
    # The table marks its public IPv6 control "deny", against its own note; the address is a public name server's.
    return row["expect"] == "deny" and "PUBLIC" not in row["why"]


async def test_no_forbidden_host_in_any_shape_is_connected_to(table: dict[str, Any]) -> None:
    connector = NoConnections()
    async with door(allow_private=False, resolver=SystemLike(), connector=connector) as http:
        for row in filter(is_forbidden, table["hosts"]):
            for shape in table["url_shapes"]:
                with pytest.raises(FetchError):
                    await http.get(shape.format(h=row["host"]))

    # The shape http://host\\@example.com/ reads as example.com to some; it is refused outright.
    assert connector.asked == []


async def test_no_forbidden_scheme_is_connected_to(table: dict[str, Any]) -> None:
    connector = NoConnections()
    async with door(allow_private=True, resolver=SystemLike(), connector=connector) as http:
        for url in table["schemes"]:
            with pytest.raises(FetchError, match="only http:// and https://"):
                await http.get(url)

    assert connector.asked == []


async def test_no_forbidden_host_is_reached_by_redirect(table: dict[str, Any]) -> None:
    async with LoopbackServer() as server:
        names = Names({"public.example": [["8.8.8.8"]]})
        connector = Detour(server.port)
        async with door(allow_private=False, resolver=names, connector=connector) as http:
            for row in filter(is_forbidden, table["hosts"]):
                server.routes["/"] = redirect(f"http://{row['host']}/")
                with pytest.raises(FetchError, match="redirected to"):
                    await http.get("http://public.example/")

        assert set(connector.asked) == {"8.8.8.8"}


@pytest.mark.parametrize("shape", ["http://{h}/", "http://{h}:80/", "hTTp://{h}/", "http://{h}#@example.com/"])
async def test_the_public_controls_are_connected_to(table: dict[str, Any], shape: str) -> None:
    controls = [row for row in table["hosts"] if "PUBLIC" in row["why"]]
    connector = NoConnections()
    async with door(allow_private=False, resolver=SystemLike(), connector=connector) as http:
        for row in controls:
            with pytest.raises(FetchError) as caught:
                await http.get(shape.format(h=row["host"]))
            assert not isinstance(caught.value, AddressRefused)

    assert len(controls) == len(connector.asked) == 2


class SystemLike:
    """Answers for every name with a public address, so that only the judgement of the name itself can refuse."""

    async def __call__(self, _host: str) -> Sequence[str]:
        return ["93.184.215.14"]


class Detour(httpcore.AsyncNetworkBackend):
    """A connector that leads every connection to a port on loopback, and writes down what was meant."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._real = httpcore.AnyIOBackend()
        self.asked: list[str] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.asked.append(host)
        return await self._real.connect_tcp("127.0.0.1", self._port, timeout, local_address, socket_options)
