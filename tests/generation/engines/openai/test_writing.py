"""What the client asks of a server, and what it takes from a reply."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import aclosing

import pytest

from generation.messages import Message, Prompt, Role
from tests.generation.engines.openai.writing import (
    KEY,
    PROMPT,
    QUESTION,
    Build,
    Start,
    next_of,
    refused,
    written,
)
from tests.generation.engines.servers import (
    DONE,
    MODEL,
    Exchange,
    data,
    event,
    hangs,
    says,
    streams,
)


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


async def test_a_model_that_has_nothing_to_say_writes_nothing(start: Start, build: Build) -> None:
    server = await start(says())

    assert await written(build(server.url)) == []


async def test_a_reply_is_whole_without_a_last_line_that_says_so(start: Start, build: Build) -> None:
    server = await start(streams(event("Yes."), event(finish="stop")))

    assert await written(build(server.url)) == ["Yes."]


async def test_a_server_that_keeps_the_connection_after_its_reply_holds_nobody_up(start: Start, build: Build) -> None:
    server = await start(streams(event("Yes."), event(finish="stop"), then=hangs))

    assert await written(build(server.url)) == ["Yes."]


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
