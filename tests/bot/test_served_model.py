"""`tidings ask` with a language model behind a server, sound and broken: a reader always gets a reply that is sound."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from tests.bot.program import ARTICLES, Program
from tests.generation.engines.servers import ChatServer, Script, answers, event, hangs, raw, says, streams

pytestmark = pytest.mark.early

COST = "How much will the rebuilding of the Kestrel dam cost?"
SOUND = "Rebuilding the Kestrel dam will cost 48 million crowns [1]."
Ask = Callable[..., AbstractAsyncContextManager[Any]]


@pytest.fixture
def ask(filled: Program, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """The reply to a question, as JSON, with a model that follows a script; and the server it was behind."""

    @asynccontextmanager
    async def asked(script: Script, *arguments: str) -> AsyncIterator[Any]:
        async with ChatServer(script) as server:
            monkeypatch.setenv("TIDINGS_LLM", "openai")
            monkeypatch.setenv("TIDINGS_LLM_BASE_URL", server.url)
            monkeypatch.setenv("TIDINGS_LLM_API_KEY", "sk-secret")
            monkeypatch.setenv("TIDINGS_LLM_TIMEOUT", "3")
            yield await asyncio.to_thread(filled.json, "ask", *(arguments or (COST,))), server

    return asked


async def test_what_the_model_writes_is_told_with_the_quote_it_rests_on(ask: Ask) -> None:
    async with ask(says(SOUND)) as (answer, server):
        assert answer["answer"] == "Rebuilding the Kestrel dam will cost 48 million crowns. [1]"
        assert answer["citations"][0]["quote"] == "The work will cost 48 million crowns."
        assert (answer["engine"], answer["lapse"], answer["refused"]) == ("scripted", None, False)
        [chat] = server.chats
        assert chat.headers["authorization"] == "Bearer sk-secret"
        assert "minister Ada Okoye" in chat.sent["messages"][-1]["content"]


BROKEN = [
    (hangs, "failed"),
    (answers({"error": "out of memory"}, 500), "failed"),
    (answers({"error": "slow down"}, 429), "busy"),
    (raw(b"\x00\xff not HTTP at all"), "failed"),
    (streams(event("Elvis lives on the moon [1]."), event(finish="stop")), "unsound"),
    (streams(event("Rebuilding the ")), "failed"),
    (streams(event("The moon ate it [1]. And "), then=hangs), "failed"),
    (says(""), "unsound"),
]


@pytest.mark.parametrize(("script", "lapse"), BROKEN)
async def test_with_a_broken_model_the_sources_are_quoted_and_it_is_said(ask: Ask, script: Script, lapse: str) -> None:
    async with ask(script) as (answer, _):
        assert (answer["engine"], answer["lapse"]) == ("extractive", lapse)
        assert "48 million crowns" in answer["answer"]
        texts = {row["id"]: row["text"] for row in ARTICLES}
        assert all(each["quote"] in texts[each["article_id"]] for each in answer["citations"])
        assert "sk-secret" not in str(answer)


async def test_what_was_sound_before_the_stream_was_cut_stays(ask: Ask) -> None:
    async with ask(streams(event(f"{SOUND} The minister "))) as (answer, _):
        assert answer["answer"] == "Rebuilding the Kestrel dam will cost 48 million crowns. [1]"
        assert (answer["engine"], answer["lapse"]) == ("scripted", "cut")


async def test_with_no_server_at_all_the_sources_are_quoted(filled: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDINGS_LLM", "openai")
    monkeypatch.setenv("TIDINGS_LLM_BASE_URL", "http://127.0.0.1:9")

    said = await asyncio.to_thread(filled, "ask", COST)

    assert "48 million crowns" in said
    assert said.endswith("The language model failed, so these are words of the sources.\n")


async def test_a_chinese_question_is_asked_and_answered_in_chinese(ask: Ask) -> None:
    async with ask(says("重建东门大桥将投资三亿元【1】。"), "东门大桥重建要投资多少？") as (answer, server):
        assert answer["answer"] == "重建东门大桥将投资三亿元。 [1]"
        assert server.chats[0].sent["messages"][-1]["content"].endswith("Answer in Chinese.")


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("TIDINGS_LLM", "oracle", "TIDINGS_LLM"),
        ("TIDINGS_LLM", "openai", "TIDINGS_LLM_BASE_URL: is missing"),
        ("TIDINGS_LLM", "transformers", "TIDINGS_LLM_MODEL: is missing"),
    ],
)
def test_a_setting_that_is_missing_is_named(
    setting: str, value: str, said: str, filled: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(setting, value)

    filled("ask", COST, status=2)

    assert said in filled.errors
