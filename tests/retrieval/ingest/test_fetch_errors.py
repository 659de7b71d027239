from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import subprocess
import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from retrieval.ingest.connect import CheckedBackend, ForbiddenAddress, SystemResolver
from retrieval.ingest.fetch import HttpDoor
from storage.domain.why import Why
from storage.errors import FetchError
from tests.retrieval.ingest.doors import FEED, TRUST, Names, NoConnections, door
from tests.retrieval.ingest.servers import LoopbackServer, Reply

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
        (Reply(headers={"Content-Encoding": "gzip"}, body=gzip.compress(FEED, mtime=0)[:-9]), "ends too early"),
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
