from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.flows.fresh import came, independent, readable
from storage.domain.follows import News
from tests.flows.turns import DAY, HOUR, NEXT_TURN, NOON, REWRITE, TOLD, TURN, TURN_AGAIN, Newsroom, fresh, late


async def new(room: Newsroom, since: datetime = NOON, lines: int = 1, language: str = "en") -> News | None:
    return await fresh(room).of(room.held(1), since=since, reader=None, language=language, lines=lines)


@pytest.fixture
def room() -> Newsroom:
    """A story that was told before noon."""
    made = Newsroom()
    made.tell(1, TOLD, NOON - 2 * HOUR)
    return made


async def test_a_turn_is_new_with_a_sentence_of_its_own(room: Newsroom) -> None:
    turn = room.tell(1, TURN, NOON + HOUR, source="Wire")

    found = await new(room)

    assert found is not None
    assert (found.story, found.outlets, found.texts) == (1, 2, (turn,))
    (line,) = found.gist.lines
    assert (line.text, line.citations) == (TURN, (1,))
    assert [each.article_id for each in found.gist.citations] == [turn]


async def test_a_rewrite_is_not_new_however_little_like_the_first_it_is(room: Newsroom) -> None:
    room.tell(1, REWRITE, NOON + HOUR, source="Wire", novelty=0.9)

    assert await new(room) is None


async def test_what_is_all_too_like_what_was_told_is_not_even_read(room: Newsroom) -> None:
    room.tell(1, REWRITE, NOON + HOUR, source="Wire", novelty=0.04)

    assert await new(room) is None
    assert room.read == 0


async def test_outlets_that_tell_a_turn_in_other_words_are_all_heard_and_one_sentence_tells_it(room: Newsroom) -> None:
    turns = (
        room.tell(1, TURN, NOON + HOUR, source="Wire"),
        room.tell(1, TURN_AGAIN, NOON + 2 * HOUR, source="Post", novelty=0.1),
    )
    room.tell(1, REWRITE, NOON + 2 * HOUR, source="Herald", novelty=0.1)

    found = await new(room, lines=3)

    assert found is not None
    assert (found.texts, len(found.gist.lines)) == (turns, 1)


async def test_all_outlets_that_tell_the_story_are_counted_and_not_those_of_the_turn_alone(room: Newsroom) -> None:
    room.tell(1, REWRITE, NOON - HOUR, source="Wire", novelty=0.1)
    room.tell(1, "凯尔市议会批准在桑河上建桥，造价三千万欧元。", NOON - HOUR, source="日报", language="zh")
    room.tell(1, TURN, NOON + HOUR, source="Wire")

    found = await new(room)

    assert found is not None
    assert (found.outlets, len(found.texts)) == (3, 1)


async def test_a_copy_is_of_no_outlet_of_its_own(room: Newsroom) -> None:
    room.tell(1, TOLD, NOON + HOUR, source="Mirror", group="a0", novelty=0.9)
    turn = room.tell(1, TURN, NOON + HOUR, source="Wire")
    room.tell(1, TURN, NOON + 2 * HOUR, source="Echo", group=turn)

    found = await new(room)

    assert found is not None
    assert (found.outlets, found.texts) == (2, (turn,))


async def test_of_several_turns_each_has_its_line(room: Newsroom) -> None:
    room.tell(1, TURN, NOON + HOUR, source="Wire")
    room.tell(1, NEXT_TURN, NOON + 9 * HOUR, source="Post")

    found = await new(room, lines=3)

    assert found is not None
    assert {line.text for line in found.gist.lines} == {TURN, NEXT_TURN}
    assert sorted(n for line in found.gist.lines for n in line.citations) == [1, 2]


async def test_a_line_that_repeats_what_was_told_is_left_out_of_what_is_new(room: Newsroom) -> None:
    room.tell(1, f"{NEXT_TURN} {TOLD}", NOON + HOUR, source="Wire")

    found = await new(room, lines=3)

    assert found is not None
    assert [line.text for line in found.gist.lines] == [NEXT_TURN]


async def test_what_one_was_told_of_is_not_new(room: Newsroom) -> None:
    turn = room.tell(1, TURN, NOON + HOUR)

    assert await fresh(room).of(room.held(1), since=NOON, reader=None, language="en", heard={turn}) is None


async def test_a_report_in_another_language_is_not_new_to_who_reads_the_story_in_theirs(room: Newsroom) -> None:
    room.tell(1, "凯尔市议会批准在桑河上建桥，造价三千万欧元。", NOON + HOUR, source="日报", language="zh", novelty=0.9)

    assert await new(room) is None
    assert await new(room, language="zh") is not None


def test_reports_in_no_language_of_the_readers_are_all_readable(room: Newsroom) -> None:
    assert readable(room.held(1).reports, "zh") == room.held(1).reports


def test_what_comes_in_long_after_it_was_published_is_no_news(room: Newsroom) -> None:
    (report,) = room.held(1).reports

    assert came([late(report, DAY)], report.at, ()) != ()
    assert came([late(report, DAY + HOUR)], report.at, ()) == ()


def test_what_is_undated_is_news_only_where_it_was_seen_as_it_came_out(room: Newsroom) -> None:
    (report,) = room.held(1).reports
    undated = replace(report, headline=replace(report.headline, published=None))

    assert came([undated], NOON - DAY * 9, ()) == ()
    assert came([replace(undated, live=True)], NOON - DAY * 9, ()) != ()


def test_of_each_text_the_first_that_came_in_stands_for_all(room: Newsroom) -> None:
    room.tell(1, TOLD, NOON - HOUR, group="a0")

    assert [each.headline.id for each in independent(room.held(1).reports[::-1])] == ["a0"]
