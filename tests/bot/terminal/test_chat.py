from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from bot.terminal.keyboard import Key
from storage.domain.news import Feed, FeedStatus
from storage.domain.why import Why
from storage.errors import InputError, StorageBusy
from tests.bot.terminal.fakes import (
    CONVERSATION,
    READER,
    Counts,
    Replies,
    Shelf,
    Wire,
    transcript,
)


async def test_the_chat_opens_with_what_is_in(tmp_path: Path) -> None:
    text = await transcript(tmp_path)

    assert text.startswith("In so far: 1,204 articles from 25 sources, the newest from 12 Nov 2026, 12:00 (UTC).\n")
    assert "/help" in text


async def test_one_is_not_many(tmp_path: Path) -> None:
    text = await transcript(tmp_path, news=Wire(Counts(articles=1, sources=1, newest=None)))

    assert text.startswith("In so far: 1 article from 1 source.\n")


async def test_the_chat_opens_in_the_readers_language(tmp_path: Path) -> None:
    text = await transcript(tmp_path, language="zh")

    assert "1,204 篇文章" in text
    assert "2026年11月12日 12:00" in text


async def test_an_empty_instance_says_that_it_is_reading(tmp_path: Path) -> None:
    assert "No news is in yet" in await transcript(tmp_path, news=Wire(Counts(articles=0, sources=0, newest=None)))


async def test_the_sample_edition_is_called_a_sample_and_suggests_a_question(tmp_path: Path) -> None:
    text = await transcript(tmp_path, news=Wire(Counts(articles=24, sample=True)))

    assert "What is in is a sample: 24 articles" in text
    assert "Try: Who builds the ferries for Lake Oster" in text


async def test_a_question_is_answered_for_the_reader_in_the_conversation(tmp_path: Path) -> None:
    replies = Replies()

    text = await transcript(tmp_path, "Did it rain?", "And then?", converse=replies)

    assert text.count("It rained. [1] [2]") == 2
    assert replies.asked == [
        ("Did it rain?", READER, CONVERSATION, "en"),
        ("And then?", READER, CONVERSATION, "en"),
    ]


async def test_pasted_lines_are_one_question(tmp_path: Path) -> None:
    replies = Replies()

    await transcript(tmp_path, "Did it rain\nin town?", converse=replies)

    assert [asked[0] for asked in replies.asked] == ["Did it rain\nin town?"]


async def test_a_question_that_cannot_be_read_is_told_in_the_readers_language(tmp_path: Path) -> None:
    error = InputError("question", "there are no words in it", key="question_empty")

    text = await transcript(tmp_path, "?!", converse=Replies({"?!": error}), language="zh")

    assert "请问我一个有关新闻的问题。" in text


async def test_a_failure_nobody_foresaw_is_one_line_and_the_chat_goes_on(tmp_path: Path) -> None:
    replies = Replies({"boom": RuntimeError("secret detail")})

    text = await transcript(tmp_path, "boom", "Did it rain?", converse=replies)

    assert "Something went wrong" in text
    assert "Traceback" not in text
    assert "secret detail" not in text
    assert "It rained." in text


async def test_a_foreseen_failure_is_its_own_line(tmp_path: Path) -> None:
    text = await transcript(tmp_path, "q", converse=Replies({"q": StorageBusy("the database is in use")}))

    assert "the database is in use\n" in text


async def test_a_line_longer_than_a_screen_is_shown_by_its_beginning(tmp_path: Path) -> None:
    text = await transcript(tmp_path, "word " * 20_000, attended=False)

    assert (
        text.startswith("› " + "word " * 15 + "word … (99,919 more characters)\n") or "more characters)" in text[:150]
    )
    assert len(text) < 1_000


async def test_ctrl_c_stops_the_answer_and_keeps_the_chat(tmp_path: Path) -> None:
    replies = Replies()

    async def interrupt() -> None:
        await replies.stuck.wait()
        os.kill(os.getpid(), signal.SIGINT)

    async with asyncio.TaskGroup() as group:
        group.create_task(interrupt())
        text = await transcript(tmp_path, "stuck", "Did it rain?", converse=replies)

    assert text.count("It rained. [1] [2]") == 2
    assert text.index("Stopped.") < text.rindex("It rained.")


async def test_ctrl_c_is_what_it_was_after_the_chat(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)

    await transcript(tmp_path, "Did it rain?")

    assert signal.getsignal(signal.SIGINT) == before


async def test_ctrl_c_at_the_prompt_tells_how_to_leave(tmp_path: Path) -> None:
    assert "Ctrl-D or /quit leaves." in await transcript(tmp_path, Key.CANCEL)


async def test_quit_leaves(tmp_path: Path) -> None:
    replies = Replies()

    await transcript(tmp_path, "/quit", "Did it rain?", converse=replies)

    assert replies.asked == []


async def test_the_first_answer_waits_until_all_is_ready(tmp_path: Path) -> None:
    replies, ready = Replies(), asyncio.get_running_loop().create_future()

    async def not_asked_yet() -> None:
        await asyncio.sleep(0)
        assert replies.asked == []
        ready.set_result(None)

    async with asyncio.TaskGroup() as group:
        group.create_task(not_asked_yet())
        text = await transcript(tmp_path, "Did it rain?", "And then?", converse=replies, ready=ready)

    assert text.count("It rained.") == 2


async def test_what_gets_ready_survives_a_question_that_is_given_up(tmp_path: Path) -> None:
    ready = asyncio.get_running_loop().create_future()

    async def interrupt() -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        os.kill(os.getpid(), signal.SIGINT)

    async with asyncio.TaskGroup() as group:
        group.create_task(interrupt())
        text = await transcript(tmp_path, "Did it rain?", ready=ready)

    assert "Stopped." in text
    assert not ready.cancelled()


async def test_over_a_pipe_questions_are_shown_with_their_answers_and_no_feed_is_read(tmp_path: Path) -> None:
    wire = Wire()

    text = await transcript(tmp_path, "Did it rain?", "", "/open 1", attended=False, news=wire)

    assert text.startswith("› Did it rain?\nIt rained. [1] [2]\n")
    assert text.endswith("› /open 1\nhttps://news.example/1\n\n")
    assert wire.rounds == 0


@pytest.mark.parametrize("counts", [Counts(articles=0, sources=0, newest=None), Counts(articles=24, sample=True)])
async def test_over_a_pipe_the_feeds_are_read_first_where_there_is_no_news_yet(tmp_path: Path, counts: Counts) -> None:
    wire = Wire(counts)
    failing = Feed(url="https://b.example/feed", status=FeedStatus.FAILING, last_why=Why.NOTHING_THERE)

    text = await transcript(tmp_path, "Did it rain?", attended=False, news=wire, sources=Shelf([failing]))

    assert wire.rounds == 1
    assert text.index("None of 1 feed could be reached: there is nothing at this address.") < text.index("It rained.")


async def test_over_a_pipe_what_is_added_is_read_before_the_next_question(tmp_path: Path) -> None:
    wire = Wire()

    await transcript(tmp_path, "/add https://n.example/feed", attended=False, news=wire)

    assert wire.visited == ["https://n.example/feed"]
