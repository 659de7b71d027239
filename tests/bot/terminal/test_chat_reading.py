from __future__ import annotations

import asyncio
import os
import signal
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.terminal.chat import chat
from bot.terminal.greeting import progress_line
from storage.domain.news import Feed, FeedStatus, IngestReport, SaveReport
from storage.domain.progress import LastTold
from storage.domain.why import Why
from storage.errors import StorageBusy
from tests.bot.terminal.fakes import (
    Replies,
    Shelf,
    Typist,
    Wire,
    parts,
    printed,
    reply,
    screen,
    transcript,
    until,
    wait_for,
)

FAILING = Feed(url="https://b.example/feed", status=FeedStatus.FAILING, last_why=Why.NOTHING_THERE)
FINE = Feed(url="https://a.example/feed", title="Good", status=FeedStatus.OK)


async def after_the_round(home: Path, wire: Wire, *feeds: Feed, says: str) -> str:
    """What a chat printed by the time it said `says`."""
    on = screen()
    told = partial(until, lambda: says in printed(on))

    await chat(parts(home, news=wire, sources=Shelf(list(feeds))), screen=on, keyboard=Typist(told))
    return printed(on)


async def test_a_refusal_while_the_feeds_are_read_says_that_more_is_on_its_way(tmp_path: Path) -> None:
    replies, reading = Replies({"q": reply()}), Wire(may_end=asyncio.Event())

    text = await transcript(tmp_path, "q", converse=replies, news=reading)

    assert "My sources don't say." in text
    assert "I am still reading the feeds" in text


async def test_a_refusal_after_the_feeds_were_read_stands(tmp_path: Path) -> None:
    wire, replies, on = Wire(), Replies({"q": reply()}), screen()
    read = partial(until, lambda: "The feeds are read" in printed(on))

    await chat(parts(tmp_path, converse=replies, news=wire), screen=on, keyboard=Typist(read, "q"))

    assert "I am still reading the feeds" not in printed(on)
    assert "cannot be found yet" not in printed(on)


@pytest.mark.parametrize("line", ["q", "/hot"])
async def test_where_nothing_is_found_it_is_said_that_more_is_stored_and_not_indexed_yet(
    tmp_path: Path, line: str
) -> None:
    wire, replies, on = Wire(unindexed=1200), Replies({"q": reply()}), screen()
    read = partial(until, lambda: "The feeds are read" in printed(on))

    await chat(parts(tmp_path, converse=replies, news=wire), screen=on, keyboard=Typist(read, line))

    assert "1,200 articles came in and cannot be found yet" in printed(on)


async def test_over_a_pipe_standard_error_says_how_far_the_index_is_that_an_answer_waits_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bot.console.SPOKEN_EVERY_SECONDS", 0.0)
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(0.5, ready.set_result, None)
    filling = LastTold(told=("dense", 128, 5_000))

    text = await transcript(tmp_path, "q", attended=False, ready=ready, filling=filling)

    assert "128 of 5,000 · dense index" in capsys.readouterr().err
    assert "It rained." in text


@pytest.mark.parametrize(("language", "hint"), [("en", "I am still reading the feeds"), ("zh", "我还在读取订阅源")])
async def test_where_nothing_is_hot_yet_the_chat_says_that_more_is_on_its_way(
    tmp_path: Path, language: str, hint: str
) -> None:
    held, done = Wire(may_end=asyncio.Event()), Wire()

    early = await transcript(tmp_path, wait_for(lambda: held.rounds > 0), "/hot", news=held, language=language)
    later = await transcript(tmp_path, wait_for(lambda: done.rounds > 0), "/hot", news=done, language=language)

    assert hint in early
    assert hint not in later


async def test_a_round_is_told_when_it_is_done(tmp_path: Path) -> None:
    wire = Wire(report=IngestReport(saved=SaveReport(new=7)))

    text = await after_the_round(tmp_path, wire, FINE, says="The feeds are read")

    assert "The feeds are read; 7 articles came in.\n" in text


async def test_a_round_that_brought_nothing_says_so(tmp_path: Path) -> None:
    await after_the_round(tmp_path, Wire(), FINE, says="The feeds are read: nothing new.\n")


async def test_feeds_that_fail_are_counted_with_where_to_see_why(tmp_path: Path) -> None:
    wire = Wire(report=IngestReport(saved=SaveReport(new=1)))

    await after_the_round(
        tmp_path, wire, FINE, FAILING,
        says="The feeds are read; 1 article came in. 1 of 2 feeds could not be read; /sources shows why.\n",
    )  # fmt: skip


async def test_when_no_feed_can_be_reached_the_chat_says_why(tmp_path: Path) -> None:
    offline = [Feed(url=f"https://{n}.example", status=FeedStatus.FAILING, last_why=Why.NO_NETWORK) for n in range(24)]
    reason = "there is no network, or no name server answers"

    await after_the_round(tmp_path, Wire(), *offline, FAILING, says=f"None of 25 feeds could be reached: {reason}.\n")


@pytest.mark.parametrize(
    ("error", "told"),
    [(StorageBusy("the database is in use"), "the database is in use"), (RuntimeError("boom"), "RuntimeError: boom")],
)
async def test_a_round_that_breaks_is_one_line_and_the_chat_goes_on(
    tmp_path: Path, error: Exception, told: str
) -> None:
    await after_the_round(tmp_path, Wire(report=error), FINE, says=f"The feeds could not be read: {told}\n")


async def test_progress_is_kept_in_sight_while_the_round_lasts(tmp_path: Path) -> None:
    typist = Typist()
    typist.expect(partial(until, lambda: None in typist.statuses))

    await chat(parts(tmp_path), screen=screen(), keyboard=typist)

    assert typist.statuses[:2] == ["Reading the feeds · 3 of 25 · One", None]


@pytest.mark.parametrize(
    ("what", "done", "total", "line"),
    [
        ("One \x1b[2J", 3, 25, "Reading the feeds · 3 of 25 · One"),
        ("One", 25, 25, "Making the news searchable"),
        ("dense", 1280, 2000, "Making the news searchable · 1,280 of 2,000"),
        ("lexical", 10, None, "Making the news searchable · 10"),
    ],
)
def test_progress_says_what_is_being_done(what: str, done: int, total: int | None, line: str) -> None:
    assert progress_line(screen(), what, done, total) == line


async def test_news_of_the_round_waits_for_the_end_of_an_answer(tmp_path: Path) -> None:
    replies, on = Replies(), screen()
    wire = Wire(report=IngestReport(saved=SaveReport(new=7)), may_end=asyncio.Event())

    async def interrupt() -> None:
        await replies.stuck.wait()
        assert wire.may_end is not None
        wire.may_end.set()
        await asyncio.sleep(0)
        os.kill(os.getpid(), signal.SIGINT)

    told = partial(until, lambda: "came in" in printed(on))
    async with asyncio.TaskGroup() as group:
        group.create_task(interrupt())
        await chat(parts(tmp_path, converse=replies, news=wire), screen=on, keyboard=Typist("stuck", told))

    assert "It rained. [1] [2]\nStopped.\n\nThe feeds are read; 7 articles came in.\n" in printed(on)


async def test_leaving_ends_a_round_under_way(tmp_path: Path) -> None:
    wire = Wire(may_end=asyncio.Event())

    text = await transcript(tmp_path, news=wire)

    assert "The feeds are read" not in text


async def test_rounds_at_intervals_are_not_announced(tmp_path: Path) -> None:
    wire, on = Wire(), screen()

    await chat(
        parts(tmp_path, news=wire, every=timedelta(0)),
        screen=on,
        keyboard=Typist(partial(until, lambda: wire.rounds > 2)),
    )

    assert printed(on).count("The feeds are read") == 1
