"""What a reader should read, in the chat: asked for, wished for, and given when it is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.domain.digests import Digest, Slot
from storage.domain.kinds import ArticleKind
from storage.domain.people import ReaderId
from tests.bot.terminal.fakes import transcript, wait_for
from tests.digests import SLOT, FixedAlerts, FixedDigests, digest, item


async def test_what_to_read_is_a_command_and_a_question_and_counts_as_shown(tmp_path: Path) -> None:
    digests = FixedDigests(items=(item(1), item(2, "Dam opened", outlets=3)))

    text = await transcript(tmp_path, "/digest", "What papers should I read?", digests=digests)

    assert "1.  Ferries ordered" in text
    assert "Line 1 says six. [The Harbour Post]" in text
    assert "3 outlets · you asked: “Who builds ferries?”" in text
    assert digests.asked == [(), (ArticleKind.PAPER,)]
    assert [len(each.items) for each in digests.shown] == [2, 2]


async def test_the_items_have_the_numbers_from_then_on(tmp_path: Path) -> None:
    text = await transcript(tmp_path, "/digest", "/open 2", digests=FixedDigests(items=(item(1), item(2))))

    assert text.rstrip().endswith("https://news.example/2")


async def test_wishes_are_said_back_with_when_the_next_one_comes(tmp_path: Path) -> None:
    digests = FixedDigests()

    text = await transcript(tmp_path, "/digest 7:30 on weekdays, Berlin", "/settings", digests=digests)

    assert text.count("Monday to Friday at 07:30, Berlin time") == 2
    assert "The next one comes on" in text
    assert [each.active for each in digests.held.values()] == [True]


@pytest.mark.parametrize(
    ("language", "line", "topics"),
    [
        ("en", "send me chip news at 7:30, not on weekends", "And I take down that you care about “chip”."),
        ("zh", "工作日早上7点半给我发芯片新闻", "另外我记下了：你关心“芯片”。"),
    ],
)
async def test_a_wish_for_the_news_of_a_topic_is_said_back_with_it(
    tmp_path: Path, language: str, line: str, topics: str
) -> None:
    digests = FixedDigests()

    text = await transcript(tmp_path, line, digests=digests, language=language)

    assert topics in text
    assert "07:30" in text
    assert [each.active for each in digests.held.values()] == [True]


@pytest.mark.parametrize(
    ("language", "line", "said"),
    [
        ("en", "make the digest 10 items", "You get no digests so far."),
        ("zh", "简报最多10条", "你还没有订简报。"),
    ],
)
async def test_who_gets_no_digests_is_told_how_they_come(tmp_path: Path, language: str, line: str, said: str) -> None:
    digests = FixedDigests()

    text = await transcript(tmp_path, line, digests=digests, language=language)

    assert said in text
    assert not digests.held


@pytest.mark.parametrize(
    ("language", "lines", "said"),
    [
        (
            "en",
            ("send me a digest every day at 8", "make it weekly"),
            "For one a week, say for example: “only on Mondays”.",
        ),
        ("zh", ("每天早上八点给我发简报", "每周只发一次"), "想每周一份"),
    ],
)
async def test_what_digests_cannot_is_said_to_who_gets_them_only(
    tmp_path: Path, language: str, lines: tuple[str, ...], said: str
) -> None:
    got = await transcript(tmp_path, *lines, digests=FixedDigests(), language=language)
    none = await transcript(tmp_path, lines[-1], digests=FixedDigests(), language=language)

    assert said in got
    assert said not in none


async def test_that_a_day_is_left_out_for_good_is_said_with_how_it_comes_back(tmp_path: Path) -> None:
    digests = FixedDigests()
    lines = ("send me a digest every day at 8", "not on Mondays", "also on Monday", "make it 10 items")

    text = await transcript(tmp_path, *lines, "when is my next digest?", digests=digests)

    (held,) = digests.held.values()
    assert text.count("None comes on Monday any longer, this week or later. “also on Monday” brings that back.") == 1
    assert text.count("The next one comes on") == 5
    assert (len(held.timetable.days), [at.hour for at in held.timetable.times], held.length) == (7, [8], 10)


async def test_a_wish_that_is_not_understood_is_named(tmp_path: Path) -> None:
    text = await transcript(tmp_path, "/digest in a purple tone", digests=FixedDigests())

    assert "purple tone" in text


async def test_a_digest_that_is_due_is_given_as_the_chat_opens(tmp_path: Path) -> None:
    berlin = Slot(name="2026-12-01T08:00", at=datetime(2026, 12, 1, 7, tzinfo=UTC))
    digests = FixedDigests(due=[replace(digest(item(1)), slot=berlin)])

    text = await transcript(tmp_path, wait_for(lambda: not digests.due), digests=digests)

    assert "Your digest" in text
    assert "1 Dec 2026, 08:00" in text
    assert "Ferries ordered" in text


@pytest.mark.parametrize(("language", "title"), [("en", "Breaking: Dam opened"), ("zh", "突发新闻：Dam opened")])
async def test_what_breaks_is_said_once_and_takes_no_numbers(tmp_path: Path, language: str, title: str) -> None:
    alerts = FixedAlerts()

    async def breaks() -> None:
        alerts.due.append(replace(digest(item(2, "Dam opened", outlets=5)), slot=SLOT))
        await wait_for(lambda: not alerts.due)()  # type: ignore[operator] # it is a callable

    lines = ("/digest", breaks, "/open 1")
    given = {"digests": FixedDigests(items=(item(1),)), "alerts": alerts, "look": timedelta(0)}
    text = await transcript(tmp_path, *lines, language=language, **given)

    assert text.count(title) == 1
    assert "/brief #102" in text
    assert text.rstrip().endswith("https://news.example/1")


async def test_what_cannot_be_found_out_keeps_nothing_else_from_being_said(tmp_path: Path) -> None:
    class Broken(FixedAlerts):
        async def due_for(self, reader: ReaderId) -> Digest | None:
            raise ValueError("a fault of ours")

    digests = FixedDigests(due=[replace(digest(item(1)), slot=SLOT)])

    text = await transcript(tmp_path, wait_for(lambda: not digests.due), digests=digests, alerts=Broken())

    assert "Your digest" in text


async def test_where_there_is_nothing_it_says_so_in_the_readers_language(tmp_path: Path) -> None:
    text = await transcript(tmp_path, "我该看什么", digests=FixedDigests(), language="zh")

    assert "没有可以推荐的新内容" in text
