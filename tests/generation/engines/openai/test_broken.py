"""Servers that are down, hang, break off, send garbage or never end."""

from __future__ import annotations

import asyncio
import logging
import socket
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generation.engines.openai import OpenAIModel
from generation.engines.openai_server import Bounds
from storage.errors import GenerationError, ModelBusy
from tests.generation.engines.openai.writing import (
    KEY,
    QUESTION,
    SAFETY_SECONDS,
    SOON,
    Build,
    Start,
    Time,
    failing,
    refused,
    written,
)
from tests.generation.engines.servers import (
    DONE,
    MODEL,
    ChatServer,
    Exchange,
    Script,
    answers,
    data,
    endlessly,
    event,
    hangs,
    raw,
    says,
    streams,
)


async def test_a_server_that_never_ends_is_cut_off(start: Start, build: Build) -> None:
    server = await start(streams(then=endlessly(event("and so on "))))

    pieces = await written(build(server.url))

    assert len("".join(pieces)) == 40 * 16
    await asyncio.wait_for(server.client_left.wait(), SAFETY_SECONDS)


@pytest.mark.parametrize(
    "block",
    [b"x" * 65536, b"data: " + b"x" * 65536, event(None, reasoning_content="x" * 65536), b": keep-alive\n\n" * 4096],
    ids=["no lines", "one line", "thoughts", "comments"],
)
async def test_a_server_that_sends_anything_else_without_end_is_cut_off(
    start: Start, build: Build, block: bytes
) -> None:
    server = await start(streams(then=endlessly(block)))

    pieces, error = await failing(build(server.url, bounds=Bounds(retries=0)))

    assert pieces == []
    assert server.host in str(error)


async def test_the_body_of_an_error_may_be_endless(start: Start, build: Build) -> None:
    async def script(exchange: Exchange) -> None:
        await exchange.send(b"HTTP/1.1 500 X\r\nConnection: close\r\n\r\n")
        await endlessly(b"x" * 65536)(exchange)

    server = await start(script)

    _, error = await failing(build(server.url, bounds=Bounds(retries=0)))

    assert server.host in str(error)


async def test_a_refused_connection_fails_at_once(build: Build, time: Time) -> None:
    url = refused()

    _, error = await failing(build(url))

    assert not isinstance(error, ModelBusy)
    assert str(error).startswith(f"engine openai: {url[7:-3]} cannot be reached: ")
    assert time.slept == []


async def test_a_machine_that_does_not_answer_is_given_up_soon(build: Build) -> None:
    with ExitStack() as stack:
        full = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        host = f"127.0.0.1:{full.getsockname()[1]}"

        _, error = await failing(build(f"http://{host}", bounds=Bounds(connect=SOON)))

    assert error.reason == f"{host} does not answer"


@pytest.mark.parametrize("script", [hangs, streams(then=hangs), streams(event(""), then=hangs)])
async def test_a_server_that_hangs_before_its_reply_is_given_up(start: Start, build: Build, script: Script) -> None:
    server = await start(script)

    _, error = await failing(build(server.url, bounds=Bounds(first=SOON)))

    assert error.reason == f"{server.host} hangs"
    assert len(server.chats) == 1


async def test_signs_of_life_without_a_word_are_no_reply(start: Start, build: Build) -> None:
    async def script(exchange: Exchange) -> None:
        await exchange.begin()
        while True:
            await exchange.send(b": keep-alive\n\n" + event(""))
            await asyncio.sleep(0.02)

    server = await start(script)

    _, error = await failing(build(server.url, bounds=Bounds(first=SOON)))

    assert error.reason == f"{server.host} hangs"


async def test_a_stream_that_stalls_ends_and_what_was_written_stands(start: Start, build: Build) -> None:
    server = await start(streams(event("The vote"), then=hangs))
    other = await start(says("Another reply."))

    pieces, error = await failing(build(server.url, other.url, bounds=Bounds(between=SOON)))

    assert pieces == ["The vote"]
    assert error.reason == f"{server.host} hangs, in the midst of its reply"
    assert other.chats == []


@pytest.mark.parametrize(
    "end",
    [b"", b"data: {broken\n\n", data({"error": {"message": QUESTION}}), event(finish="abort"), DONE],
    ids=["cut", "broken", "error", "aborted", "done without an end"],
)
async def test_a_stream_that_breaks_off_fails_and_what_was_written_stands(
    start: Start, build: Build, end: bytes
) -> None:
    server = await start(streams(event("The vote"), end))

    pieces, error = await failing(build(server.url))

    assert pieces == ["The vote"]
    assert "in the midst of its reply" in str(error)
    assert len(server.chats) == 1


GARBAGE = {
    "no http": raw(b"\x00\x01garbage\r\n\r\n"),
    "nothing": raw(b""),
    "half a head": raw(b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "a page": raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>" + KEY.encode()),
    "a whole reply": answers({"choices": [{"message": {"content": "Yes."}, "finish_reason": "stop"}]}),
    "no json": streams(b"data: {\n\n"),
    "no utf-8": streams(b"data: \xff\xfe\n\n"),
    "a deep list": streams(b"data: " + b"[" * 100_000 + b"\n\n"),
    "half a chunk": raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\ndata"),
    "packed": raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b"),
    "elsewhere": raw(b"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"),
    "an error": streams(data({"error": {"message": QUESTION, "code": 500}})),
    "500": answers({"error": {"message": f"{KEY} {QUESTION}"}}, 500),
    "400": answers({"error": {"message": f"{KEY} {QUESTION}"}}, 400),
    "401": answers({"error": {"message": f"Incorrect key: {KEY}"}}, 401),
    "404": answers({"detail": "Not Found"}, 404),
    "429": answers({"error": {"message": f"{KEY} {QUESTION}"}}, 429),
}


@pytest.mark.parametrize("script", GARBAGE.values(), ids=GARBAGE)
async def test_the_next_server_writes_where_the_first_sends_garbage(start: Start, build: Build, script: Script) -> None:
    bad, good = await start(script), await start(says("Yes."))

    pieces = await written(build(bad.url, good.url))

    assert pieces == ["Yes."]


@pytest.mark.parametrize("script", [*GARBAGE.values(), hangs], ids=[*GARBAGE, "hangs"])
async def test_an_error_names_the_server_on_one_line_and_no_secret(
    start: Start, build: Build, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    server = await start(script)
    url = f"http://login:pass%40word@{server.host}/v1?token=in-the-query"
    bounds = Bounds(first=SOON)

    with caplog.at_level(logging.DEBUG):
        _, error = await failing(build(url, bounds=bounds))
        logging.getLogger("bot").error("failed", exc_info=error)

    assert str(error).startswith("engine openai: ")
    assert server.host in str(error)
    assert "\n" not in str(error)
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name == "bot") + caplog.text
    for secret in (KEY, "pass@word", "pass%40word", QUESTION):
        assert secret not in str(error)
        assert secret not in ours
    assert "in-the-query" not in str(error)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from(["choices", "delta", "content", "finish_reason", "error", "index", "object", "event"]),
                inner,
                max_size=3,
            )
        ),
        max_leaves=8,
    )
)
async def test_whatever_json_comes_is_text_or_an_error(value: object) -> None:
    async with ChatServer(streams(data(value), data({"choices": [value]}), data({"choices": [{"delta": value}]}))) as s:
        model = OpenAIModel([s.url], model=MODEL, bounds=Bounds(retries=0))

        try:
            pieces = await written(model)
        except GenerationError:
            pieces = []
        await model.close()

    assert all(isinstance(piece, str) for piece in pieces)
