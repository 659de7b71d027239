from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from http import HTTPStatus

import httpx
import pytest

from bot.callers import Callers
from bot.messenger.wire.updates import MAX_BODY_BYTES, Webhook
from bot.server import SECRET_HEADER, HttpServer, Metrics, application
from storage.errors import SettingsError
from tests.bot.flows import NOW
from tests.bot.stores import MemoryInbox

SECRET = {SECRET_HEADER: "s3cret"}


@pytest.fixture
def inbox() -> MemoryInbox:
    return MemoryInbox()


@pytest.fixture
def parts() -> dict[str, bool]:
    return {"database": True, "telegram": True}


@pytest.fixture
async def client(inbox: MemoryInbox, parts: dict[str, bool]) -> AsyncIterator[httpx.AsyncClient]:
    async def ready() -> dict[str, bool]:
        return parts

    webhook = Webhook(secret="s3cret", inbox=inbox, clock=lambda: NOW, arrived=lambda: None)  # noqa: S106 - of no bot
    app = application(ready=ready, webhook=webhook, webhook_path="/hook")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://bot") as client:
        yield client


async def test_alive_is_one_word(client: httpx.AsyncClient) -> None:
    answer = await client.get("/healthz")

    assert (answer.status_code, answer.text) == (200, "ok\n")


async def test_ready_names_what_is_down(client: httpx.AsyncClient, parts: dict[str, bool]) -> None:
    parts["telegram"] = False

    answer = await client.get("/readyz")

    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer.json() == {"ready": False, "parts": {"database": "up", "telegram": "down"}}


async def test_an_update_with_the_secret_is_kept(client: httpx.AsyncClient, inbox: MemoryInbox) -> None:
    answer = await client.post("/hook", content=json.dumps({"update_id": 3}), headers=SECRET)

    assert answer.status_code == HTTPStatus.OK
    assert set(inbox.rows) == {3}


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: "wrong"}, {SECRET_HEADER: ""}])
async def test_without_the_secret_nothing_is_kept_and_nothing_said(
    client: httpx.AsyncClient, inbox: MemoryInbox, headers: dict[str, str]
) -> None:
    answer = await client.post("/hook", content=json.dumps({"update_id": 3}), headers=headers)

    assert (answer.status_code, answer.content) == (HTTPStatus.UNAUTHORIZED, b"")
    assert inbox.rows == {}


async def test_a_body_that_is_too_long_is_not_read_to_its_end(client: httpx.AsyncClient, inbox: MemoryInbox) -> None:
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        while given < 10 * MAX_BODY_BYTES:
            given += 2**16
            yield b"x" * 2**16

    answer = await client.post("/hook", content=endless(), headers=SECRET)

    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert given <= MAX_BODY_BYTES + 2**17
    assert inbox.rows == {}


async def test_a_body_that_never_ends_is_not_waited_for(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.server._BODY_SECONDS", 0.05)

    async def stalling() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    answer = await client.post("/hook", content=stalling(), headers=SECRET)

    assert answer.status_code == HTTPStatus.REQUEST_TIMEOUT


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/hook", "/metrics", "/elsewhere"])
async def test_no_browser_may_keep_frame_or_run_what_is_told(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize("path", ["/hook", "/metrics"])
async def test_who_shows_no_secret_may_try_so_often_and_holds_up_nobody_else(path: str) -> None:
    told = Metrics(token="token", scrape=figures, content_type="text/plain")  # noqa: S106 - of no bot
    webhook = Webhook(secret="s3cret", inbox=MemoryInbox(), clock=lambda: NOW, arrived=lambda: None)  # noqa: S106
    callers = Callers(burst=3, clock=lambda: 1000.0)
    app = application(ready=nothing, webhook=webhook, webhook_path="/hook", metrics=told, callers=callers)
    method = "POST" if path == "/hook" else "GET"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://bot") as client:
        answers = [await client.request(method, path) for _ in range(5)]
        update = await client.post("/hook", content=json.dumps({"update_id": 3}), headers=SECRET)
        scraped = await client.get("/metrics", headers={"Authorization": "Bearer token"})
        health = [await client.get(each) for each in ("/healthz", "/readyz") for _ in range(5)]

    assert {each.status_code for each in health} == {HTTPStatus.OK}
    assert [each.status_code for each in answers[3:]] == [HTTPStatus.TOO_MANY_REQUESTS] * 2
    assert HTTPStatus.TOO_MANY_REQUESTS not in {each.status_code for each in answers[:3]}
    assert answers[-1].headers["Retry-After"] == "1"
    assert update.status_code == scraped.status_code == HTTPStatus.OK


async def test_how_ready_it_is_is_looked_at_once_however_many_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[None] = []

    async def ready() -> dict[str, bool]:
        looked.append(None)
        await asyncio.sleep(0)
        return {"database": len(looked) > 1}

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=application(ready=ready)), base_url="http://bot"
    ) as client:
        at_once = await asyncio.gather(*(client.get("/readyz") for _ in range(20)))
        monkeypatch.setattr("bot.server._READY_SECONDS", 0.0)
        later = await client.get("/readyz")

    assert {each.status_code for each in at_once} == {HTTPStatus.SERVICE_UNAVAILABLE}
    assert (later.status_code, len(looked)) == (HTTPStatus.OK, 2)


async def figures() -> bytes:
    return b"figures 1\n"


async def test_there_is_no_webhook_where_updates_are_polled() -> None:
    async def ready() -> dict[str, bool]:
        return {}

    app = application(ready=ready)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://bot") as client:
        answer = await client.post("/telegram/webhook", headers=SECRET)

    assert answer.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Bearer tóken", HTTPStatus.OK),
        ("bearer  tóken", HTTPStatus.OK),
        ("Bearer tóke", HTTPStatus.UNAUTHORIZED),
        ("Basic tóken", HTTPStatus.UNAUTHORIZED),
        ("tóken", HTTPStatus.UNAUTHORIZED),
        ("Bearer ", HTTPStatus.UNAUTHORIZED),
        ("", HTTPStatus.UNAUTHORIZED),
    ],
)
async def test_metrics_are_told_to_whoever_has_the_token(header: str, status: HTTPStatus) -> None:
    scraped: list[None] = []

    async def scrape() -> bytes:
        scraped.append(None)
        return b"figures 1\n"

    metrics = Metrics(token="tóken", scrape=scrape, content_type="text/plain; version=1.0.0")  # noqa: S106 - of no bot
    app = application(ready=nothing, metrics=metrics)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://bot") as client:
        answer = await client.get("/metrics", headers=[(b"Authorization", header.encode())])

    assert answer.status_code == status
    told = status is HTTPStatus.OK
    assert (answer.content, len(scraped)) == ((b"figures 1\n", 1) if told else (b"", 0))
    assert answer.headers.get("WWW-Authenticate") == (None if told else "Bearer")
    assert answer.headers.get("Content-Type") == ("text/plain; version=1.0.0" if told else None)


async def test_without_a_token_of_its_own_there_are_no_metrics() -> None:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=application(ready=nothing)), base_url="http://bot"
    ) as client:
        answer = await client.get("/metrics", headers={"Authorization": "Bearer "})

    assert answer.status_code == HTTPStatus.NOT_FOUND


async def nothing() -> dict[str, bool]:
    """What an instance stands on that stands on nothing."""
    return {}


async def test_a_host_that_is_not_ours_is_named() -> None:
    async def ready() -> dict[str, bool]:
        return {}

    with pytest.raises(SettingsError, match=r"TIDINGS_HTTP_PORT: cannot listen on 203\.0\.113\.1:0"):
        HttpServer(application(ready=ready), host="203.0.113.1", port=0)


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET /healthz HTTP/1.1\r\nHost: bot\r\nX-Slow: ", b"GET /healthz HTTP/1.1\r\nHost: bot\r\n\r\nGET /"],
)
async def test_nobody_holds_a_connection_who_ends_no_request_and_a_slow_answer_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    async def ready() -> dict[str, bool]:
        await asyncio.sleep(0.9)
        return {}

    monkeypatch.setattr("bot.server._HEADER_SECONDS", 0.2)
    server = HttpServer(application(ready=ready), host="127.0.0.1", port=0)
    running = asyncio.create_task(server.run())
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        writer.write(begun)
        async with asyncio.timeout(3), httpx.AsyncClient() as client:
            answered, held = await asyncio.gather(client.get(f"http://127.0.0.1:{server.port}/readyz"), reader.read())
    finally:
        writer.close()
        server.stop()
        await running

    assert answered.status_code == HTTPStatus.OK
    assert held.count(b"200 OK") == begun.count(b"\r\n\r\n")
