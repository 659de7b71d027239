from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AsyncExitStack, ExitStack, aclosing
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generation.engines.openai import OpenAIModel
from generation.engines.openai_server import Bounds
from generation.messages import Message, Prompt, Role, Usage
from generation.ports import ChatModel
from storage.errors import GenerationError, ModelBusy
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
    in_turn,
    raw,
    says,
    streams,
)

KEY = "sk-very-secret"
QUESTION = "What did the minister whisper?"
PROMPT = Prompt(
    name="answer/1",
    messages=(Message(role=Role.SYSTEM, text="Cite."), Message(role=Role.USER, text=QUESTION)),
    tokens=40,
)
SOON = timedelta(seconds=0.3)
# Ends a test that hangs; nothing is measured by it.
SAFETY_SECONDS = 120
# How soon a server sees that its client left: some milliseconds, but for a machine that does much else.
LEAVING_SECONDS = 5

Build = Callable[..., OpenAIModel]
Start = Callable[..., Any]


class Time:
    """A clock that tests move, and a sleep that takes no time and is written down."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def build(time: Time) -> AsyncIterator[Build]:
    models: list[OpenAIModel] = []

    def made(*urls: str, **settings: Any) -> OpenAIModel:
        bounds = settings.pop("bounds", Bounds(first=timedelta(seconds=60), between=timedelta(seconds=60)))
        given: dict[str, Any] = {"model": MODEL, "api_key": KEY, "clock": time, "sleep": time.sleep, **settings}
        models.append(OpenAIModel(urls, bounds=bounds, chance=lambda: 0.5, **given))
        return models[-1]

    yield made
    for model in models:
        await model.close()


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    async with AsyncExitStack() as stack, asyncio.timeout(SAFETY_SECONDS):

        async def started(script: Script, **settings: Any) -> ChatServer:
            return await stack.enter_async_context(ChatServer(script, **settings))

        yield started


def refused() -> str:
    """An address on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/v1"


async def written(model: ChatModel, prompt: Prompt = PROMPT) -> list[str]:
    return [piece async for piece in model.write(prompt)]


async def next_of(pieces: AsyncGenerator[str, None]) -> str | None:
    return await anext(pieces, None)


async def failing(model: ChatModel, prompt: Prompt = PROMPT) -> tuple[list[str], GenerationError]:
    """What was written before the model failed, and how it failed."""
    pieces: list[str] = []
    try:
        async for piece in model.write(prompt):
            pieces.append(piece)  # noqa: PERF401 - what was written before the failure is kept
    except GenerationError as error:
        return pieces, error
    pytest.fail(f"it wrote {pieces}")


async def test_pieces_come_as_the_server_writes_them(start: Start, build: Build) -> None:
    more = asyncio.Event()

    async def script(exchange: Exchange) -> None:
        await exchange.begin()
        await exchange.send(event("The vote"))
        await more.wait()
        await exchange.send(event(" passed.") + event(finish="stop") + DONE)

    server = await start(script)

    async with aclosing(build(server.url).write(PROMPT)) as pieces:
        first = await anext(pieces)
        more.set()
        rest = [piece async for piece in pieces]

    assert (first, rest) == ("The vote", [" passed."])


async def test_each_piece_may_be_waited_for_by_a_task_of_its_own(start: Start, build: Build) -> None:
    server = await start(says("The vote", " passed."))

    async with aclosing(build(server.url).write(PROMPT)) as writing:
        pieces = [await asyncio.create_task(next_of(writing)) for _ in range(3)]

    assert pieces == ["The vote", " passed.", None]


async def test_the_prompt_is_sent_as_a_chat_that_is_to_be_streamed(start: Start, build: Build) -> None:
    server = await start(says("Yes."))

    await written(build(server.url))

    request = server.chats[0]
    assert request.sent == {
        "model": MODEL,
        "messages": [{"role": "system", "content": "Cite."}, {"role": "user", "content": QUESTION}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0,
        "max_tokens": 40,
    }
    assert request.headers["authorization"] == f"Bearer {KEY}"


async def test_half_of_a_character_is_sent_as_a_question_mark(start: Start, build: Build) -> None:
    server = await start(says("Yes."))
    prompt = Prompt(name="answer/1", messages=(Message(role=Role.USER, text="cut \ud83d off"),), tokens=5)

    await written(build(server.url), prompt)

    assert server.chats[0].sent["messages"][0]["content"] == "cut ? off"


async def test_a_server_without_a_key_is_sent_a_placeholder(start: Start, build: Build) -> None:
    server = await start(says("Yes."))

    await written(build(server.url, api_key=None))

    assert server.chats[0].headers["authorization"] == "Bearer none"


async def test_nothing_is_taken_from_the_environment(
    start: Start, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await start(says("Yes."))
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY"):
        monkeypatch.setenv(name, "of-another-account")
    monkeypatch.setenv("OPENAI_BASE_URL", refused())
    monkeypatch.setenv("HTTP_PROXY", refused())
    monkeypatch.setenv("ALL_PROXY", refused())

    await written(build(server.url, api_key=None))

    assert "of-another-account" not in str(server.chats[0].headers)


async def test_the_first_model_a_server_lists_is_used_where_none_is_named(start: Start, build: Build) -> None:
    server = await start(says("Yes."))
    model = build(server.url, model=None)
    before = model.name

    await written(model)
    await written(model)

    assert (before, model.name) == ("openai", MODEL)
    assert [request.path for request in server.requests] == ["/v1/models", *["/v1/chat/completions"] * 2]


async def test_of_several_servers_the_one_that_wrote_is_named(start: Start, build: Build) -> None:
    first, second = await start(answers({}, 500)), await start(says("Yes."))
    model = build(first.url, second.url, model=None)
    before = model.wrote_at

    await written(model)

    assert before is None
    assert model.wrote_at is not None
    assert model.wrote_at in second.url
    assert model.wrote_at not in first.url
    assert model.name == MODEL


async def test_a_model_that_a_server_read_from_a_folder_is_called_by_the_name_of_the_folder(
    start: Start, build: Build
) -> None:
    server = await start(says("Yes."), models=answers({"data": [{"id": "/srv/models/Small-1B"}]}))
    model = build(server.url, model=None)

    await written(model)

    assert model.name == "Small-1B"
    assert server.chats[0].sent["model"] == "/srv/models/Small-1B"


async def test_a_server_that_changed_its_model_is_asked_for_it_again(start: Start, build: Build) -> None:
    server = await start(in_turn(says("Yes."), answers({"error": {}}, 404), says("Again.")))
    model = build(server.url, model=None)
    await written(model)
    await failing(model)
    server.models = answers({"data": [{"id": "newer"}]})

    await written(model)

    assert server.chats[-1].sent["model"] == "newer"


@pytest.mark.parametrize("listed", [{"data": []}, {"data": [5]}, {"data": "x"}, {"models": []}, [], 5, "x", None])
async def test_a_server_that_lists_no_model_fails(start: Start, build: Build, listed: object) -> None:
    server = await start(says("Yes."), models=answers(listed))

    _, error = await failing(build(server.url, model=None))

    assert server.host in str(error)


async def test_v1_is_added_to_an_address_without_a_path(start: Start, build: Build) -> None:
    server = await start(says("Yes."))

    pieces = await written(build(f"http://{server.host}/"))

    assert pieces == ["Yes."]


async def test_what_is_no_text_is_passed_over(start: Start, build: Build) -> None:
    call = {"index": 0, "id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    server = await start(
        streams(
            b": keep-alive\n\n",
            event(None, role="assistant"),
            event(None, reasoning_content="Let me think."),
            event(None, reasoning="Let me think."),
            event(None, tool_calls=[call]),
            event(""),
            event([{"type": "text", "text": "a list"}]),
            data({"choices": []}),
            data({"object": "chat.completion.chunk"}),
            data({"choices": [{"index": 0}]}),
            data({"choices": [{"index": 0, "delta": None}]}),
            event("Yes."),
            event(None, finish="stop"),
            data({"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10}}),
            DONE,
        )
    )

    pieces = await written(build(server.url))

    assert pieces == ["Yes."]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
async def test_thoughts_are_left_out_however_their_tags_are_cut(start: Start, build: Build, size: int) -> None:
    text = "<think>Is 1 < 2? The reader </thinks> so.</think>\n\nYes: 1 < 2 <b>.<think>Or?</think> Surely <thin"
    server = await start(says(*(text[at : at + size] for at in range(0, len(text), size))))

    pieces = await written(build(server.url))

    assert "".join(pieces) == "Yes: 1 < 2 <b>. Surely <thin"
    assert all(pieces)


async def test_a_model_that_thinks_until_its_tokens_are_spent_says_so(start: Start, build: Build) -> None:
    server = await start(says("<think>Hmm", " and so on", finish="length"))

    pieces, error = await failing(build(server.url))

    assert pieces == []
    assert "spent all 40 tokens before its reply began" in str(error)
    assert len(server.chats) == 1


def figures(read: object, written_: object, *, in_the_last_piece: bool = False) -> bytes:
    """What servers say a reply came to: after its last piece, or with it."""
    usage = {"prompt_tokens": read, "completion_tokens": written_, "total_tokens": 0}
    choices = [{"index": 0, "delta": {}, "finish_reason": "stop"}] if in_the_last_piece else []
    return data({"id": "1", "object": "chat.completion.chunk", "model": MODEL, "choices": choices, "usage": usage})


async def counted(model: OpenAIModel) -> list[str | Usage]:
    return [part async for part in model.counted(PROMPT)]


@pytest.mark.parametrize(
    "blocks",
    [(event(finish="stop"), figures(30, 12)), (figures(30, 2), figures(30, 12, in_the_last_piece=True))],
    ids=["after the last piece", "with each piece"],
)
async def test_what_a_server_says_it_read_and_wrote_is_told(
    start: Start, build: Build, blocks: tuple[bytes, ...]
) -> None:
    server = await start(streams(event("Yes."), *blocks, DONE))

    assert await counted(build(server.url)) == ["Yes.", Usage(tokens=42)]
    assert await written(build(server.url)) == ["Yes."]


@pytest.mark.parametrize("wrong", [-1, 10**12, 1.5, "many", None, [30]])
async def test_figures_that_are_none_are_not_told(start: Start, build: Build, wrong: object) -> None:
    server = await start(streams(event("Yes."), event(finish="stop"), figures(wrong, 12), figures(12, wrong), DONE))

    assert await counted(build(server.url)) == ["Yes."]


async def test_what_is_thought_for_nothing_is_told_too(start: Start, build: Build) -> None:
    server = await start(streams(event("<think>Hmm"), event(finish="length"), figures(30, 40), DONE))
    parts = build(server.url).counted(PROMPT)

    told = await anext(parts)
    with pytest.raises(GenerationError, match="spent all 40 tokens"):
        await anext(parts)

    assert told == Usage(tokens=70)


@pytest.mark.parametrize("status", [400, 422])
async def test_a_server_that_refuses_to_be_asked_for_figures_is_not_asked_for_them_again(
    start: Start, build: Build, status: int
) -> None:
    refusal = answers({"error": {"message": "stream_options: extra inputs are not permitted"}}, status)
    server = await start(in_turn(refusal, says("Yes."), says("No.")))
    model = build(server.url)

    replies = [await counted(model), await counted(model)]

    assert replies == [["Yes."], ["No."]]
    assert ["stream_options" in request.sent for request in server.chats] == [True, False, False]


async def test_a_model_that_has_nothing_to_say_writes_nothing(start: Start, build: Build) -> None:
    server = await start(says())

    assert await written(build(server.url)) == []


async def test_a_reply_is_whole_without_a_last_line_that_says_so(start: Start, build: Build) -> None:
    server = await start(streams(event("Yes."), event(finish="stop")))

    assert await written(build(server.url)) == ["Yes."]


async def test_a_server_that_keeps_the_connection_after_its_reply_holds_nobody_up(start: Start, build: Build) -> None:
    server = await start(streams(event("Yes."), event(finish="stop"), then=hangs))

    assert await written(build(server.url)) == ["Yes."]


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


async def test_a_login_and_a_query_of_the_address_are_sent(start: Start, build: Build) -> None:
    server = await start(says("Yes."))

    await written(build(f"http://login:pass%40word@{server.host}/v1?api-version=3"))

    assert server.requests[0].path == "/v1/chat/completions?api-version=3"
    assert server.requests[0].headers["authorization"] == "Basic bG9naW46cGFzc0B3b3Jk"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:8000",
        "ftp://host/v1",
        "http://",
        "http://host:99999/v1",
        "http://[::1/v1",
        "http://me:12/34@host/v1",
    ],
)
def test_an_address_that_cannot_be_used_is_refused(url: str) -> None:
    with pytest.raises(GenerationError, match="the address of a server must be like"):
        OpenAIModel([url])


@pytest.mark.parametrize("key", ["sk-very\nsecret", "sk-ключ"])
def test_a_key_that_cannot_be_sent_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(GenerationError, match="the API key") as caught:
        OpenAIModel(["http://127.0.0.1:1"], api_key=key)

    assert key not in str(caught.value)


def test_some_server_is_needed() -> None:
    with pytest.raises(GenerationError, match="no address"):
        OpenAIModel([])


@pytest.mark.parametrize("status", [429, 503])
async def test_servers_that_are_all_busy_are_busy(start: Start, build: Build, status: int) -> None:
    servers = [await start(answers({}, status, Retry_After="60")) for _ in range(2)]

    _, error = await failing(build(*(server.url for server in servers)))

    assert isinstance(error, ModelBusy)
    assert all(server.host in str(error) for server in servers)
    assert [len(server.chats) for server in servers] == [1, 1]


async def test_a_dead_server_beside_a_busy_one_is_busy(start: Start, build: Build) -> None:
    server = await start(answers({}, 503, Retry_After="60"))

    _, error = await failing(build(refused(), server.url))

    assert isinstance(error, ModelBusy)


async def test_a_busy_server_is_asked_again_after_the_short_time_it_asked_for(
    start: Start, build: Build, time: Time
) -> None:
    server = await start(in_turn(answers({}, 429, Retry_After="1.5"), says("Yes.")))

    pieces = await written(build(server.url))

    assert pieces == ["Yes."]
    assert time.slept == [1.75]


@pytest.mark.parametrize("asked", ["120", "Wed, 21 Oct 2065 07:28:00 GMT", "-1", "1e3", "nan", ""])
async def test_retries_are_bounded_whatever_a_server_asks_for(
    start: Start, build: Build, time: Time, asked: str
) -> None:
    server = await start(answers({}, 429, Retry_After=asked))

    _, error = await failing(build(server.url, bounds=Bounds(retries=2)))

    assert isinstance(error, ModelBusy)
    assert time.slept in ([], [0.25, 0.5])
    assert len(server.chats) == 1 + len(time.slept)


async def test_a_server_that_fails_in_passing_is_asked_again(start: Start, build: Build, time: Time) -> None:
    server = await start(in_turn(answers({}, 500), says("Yes.")))

    pieces = await written(build(server.url))

    assert pieces == ["Yes."]
    assert time.slept == [0.25]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
async def test_a_prompt_that_a_server_refuses_is_not_sent_again(start: Start, build: Build, status: int) -> None:
    server = await start(answers({}, status))

    _, error = await failing(build(server.url))

    assert f"{server.host} answers {status}" in str(error)
    assert len(server.chats) == 1


async def test_a_server_that_failed_is_asked_last_until_it_has_cooled(start: Start, build: Build, time: Time) -> None:
    first, second = await start(answers({}, 404)), await start(says("Yes."))
    model = build(first.url, second.url)

    asked: list[tuple[int, int]] = []
    for later in (0, 29, 2, 0):
        time.now += later
        await written(model)
        asked.append((len(first.chats), len(second.chats)))

    assert asked == [(1, 1), (1, 2), (2, 3), (2, 4)]


async def test_a_server_that_writes_again_is_asked_first_again(start: Start, build: Build, time: Time) -> None:
    first, second = await start(in_turn(answers({}, 404), says("Back."))), await start(says("Yes."))
    model = build(first.url, second.url)

    pieces = []
    for later in (0, 31, 0):
        time.now += later
        pieces += await written(model)

    assert pieces == ["Yes.", "Back.", "Back."]


async def test_a_server_that_has_cooled_is_tried_by_one_prompt_and_not_by_all(
    start: Start, build: Build, time: Time
) -> None:
    first, second = await start(in_turn(answers({}, 404), hangs)), await start(says("Yes."))
    model = build(first.url, second.url, bounds=Bounds(first=timedelta(seconds=2)))
    await written(model)
    time.now += 31

    replies = await asyncio.gather(*(written(model) for _ in range(5)))

    assert replies == [["Yes."]] * 5
    assert len(first.chats) == 2


async def test_a_server_that_hangs_is_left_alone_ten_times_as_long_as_it_was_waited_for(
    start: Start, build: Build, time: Time
) -> None:
    async def hangs_for_a_minute(_exchange: Exchange) -> None:
        time.now += 60
        await asyncio.Event().wait()

    first, second = await start(hangs_for_a_minute), await start(says("Yes."))
    model = build(first.url, second.url, bounds=Bounds(first=timedelta(seconds=2)))
    await written(model)
    time.now += 599

    await written(model)

    assert len(first.chats) == 1


async def test_a_prompt_at_fault_is_not_held_against_the_server(start: Start, build: Build) -> None:
    first, second = await start(in_turn(answers({}, 400), says("Yes."))), await start(says("Second."))
    model = build(first.url, second.url)

    pieces = [await written(model), await written(model)]

    assert pieces == [["Second."], ["Yes."]]


async def test_closing_the_iterator_is_seen_by_the_server(start: Start, build: Build) -> None:
    server = await start(streams(event("The vote"), then=hangs))
    pieces = build(server.url).write(PROMPT)
    await anext(pieces)

    await pieces.aclose()

    await asyncio.wait_for(server.client_left.wait(), LEAVING_SECONDS)


@pytest.mark.parametrize("script", [hangs, streams(then=hangs), streams(event("The vote"), then=hangs)])
async def test_cancelling_the_task_is_seen_by_the_server(start: Start, build: Build, script: Script) -> None:
    server = await start(script)
    task = asyncio.create_task(written(build(server.url)))
    await server.asked.wait()

    task.cancel()

    await asyncio.wait_for(server.client_left.wait(), LEAVING_SECONDS)
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_prompts_over_the_bound_wait_for_their_turn(start: Start, build: Build) -> None:
    underway, most = 0, 0

    async def script(exchange: Exchange) -> None:
        nonlocal underway, most
        underway += 1
        most = max(most, underway)
        await asyncio.sleep(0.02)
        underway -= 1
        await says("Yes.")(exchange)

    server = await start(script)
    model = build(server.url, bounds=Bounds(at_once=2, waiting=10))

    replies = await asyncio.gather(*(written(model) for _ in range(8)))

    assert replies == [["Yes."]] * 8
    assert most <= 2


async def test_a_prompt_that_would_wait_behind_too_many_is_turned_away_at_once(start: Start, build: Build) -> None:
    server = await start(streams(event("The vote"), then=hangs))
    model = build(server.url, bounds=Bounds(at_once=1, waiting=2))
    held = [asyncio.create_task(written(model)) for _ in range(3)]
    await server.asked.wait()

    _, error = await failing(model)

    assert isinstance(error, ModelBusy)
    assert len(server.chats) == 1
    for task in held:
        task.cancel()
    await asyncio.gather(*held, return_exceptions=True)


async def test_a_prompt_waits_for_its_turn_only_so_long(start: Start, build: Build) -> None:
    server = await start(streams(event("The vote"), then=hangs))
    model = build(server.url, bounds=Bounds(at_once=1, turn=SOON))
    async with aclosing(model.write(PROMPT)) as pieces:
        await anext(pieces)

        _, error = await failing(model)

    assert isinstance(error, ModelBusy)


async def test_a_turn_is_given_back_however_the_writing_ends(start: Start, build: Build) -> None:
    scripts = (answers({}, 404), streams(event("The"), then=hangs), streams(event("The")), says("Yes."))
    server = await start(in_turn(*scripts))
    model = build(server.url, bounds=Bounds(at_once=1, waiting=0))
    await failing(model)
    async with aclosing(model.write(PROMPT)) as pieces:
        await anext(pieces)
    await failing(model)

    assert await written(model) == ["Yes."]


# The most tokens that the tokenizers of Qwen, Llama 3 and Mistral 7B make of each.
TOKENS = {
    "": 0,
    "The central bank raised its main interest rate by half a point to 4.25% on Thursday.": 22,
    "Die Bundesregierung hat am Donnerstag ein neues Energiesicherungsgesetz beschlossen.": 25,
    "中国人民银行周四宣布下调存款准备金率0.5个百分点，预计释放长期资金约1万亿元。": 43,
    "В Москве прошли переговоры о поставках газа, сообщили в министерстве.": 25,
    "قال وزير الخارجية إن المحادثات ستستأنف الأسبوع المقبل في القاهرة.": 55,
    "政府は新しいエネルギー政策を発表した。": 20,
    "12,345.67 (+8.9%)": 15,
    "😀🎉🚀": 8,
}


@pytest.mark.parametrize(("text", "tokens"), TOKENS.items())
def test_a_text_is_said_to_have_rather_too_many_tokens_than_too_few(build: Build, text: str, tokens: int) -> None:
    model = build(refused())

    count = model.count(text)

    assert tokens <= count <= 3 * tokens


def test_the_context_is_what_was_given(build: Build) -> None:
    assert build(refused(), context=4096).context == 4096


async def test_bodies_are_not_logged(start: Start, build: Build, caplog: pytest.LogCaptureFixture) -> None:
    server = await start(says("A reply."))

    with caplog.at_level(logging.DEBUG):
        await written(build(server.url))

    assert QUESTION not in caplog.text
    assert KEY not in caplog.text
    assert json.dumps(QUESTION) not in caplog.text
