from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from storage.domain.follows import Update
from storage.domain.news import IngestReport, Part
from storage.domain.people import ReaderId
from storage.domain.progress import Progress
from storage.domain.stories import NewSince
from storage.errors import StorageBusy
from tests.bot.terminal.fakes import READER, Wire, transcript, wait_for
from tests.hot import NOON, Follows, OnePage, followed, hot_story, page, update_of

MINE = followed(3, reader=READER)


async def test_a_story_and_a_topic_are_followed_listed_and_let_go(tmp_path: Path) -> None:
    text = await transcript(
        tmp_path, "/follow 128", "/follow chip exports", "/follows", "/unfollow 1", "/follows", attended=False
    )

    lines = text.splitlines()
    assert "You follow “Ferries ordered” now. When something really new comes, I tell you." in lines
    assert "1. Ferries ordered" in lines
    assert "   since 12 Nov 2026, 12:00 (UTC) · /brief #128" in lines
    assert "/unfollow 1 ends number 1." in lines
    assert "You no longer follow “Ferries ordered”." in lines
    assert lines.count("2. chip exports") == 2
    assert lines.count("1. Ferries ordered") == 1


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/follow", "/follow 1,"),
        ("/follow 999", "There is no story 999."),
        ("/unfollow", "/unfollow 3"),
        ("/unfollow 9", "You do not follow “9”."),
        ("/follows", "You follow nothing yet."),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_sentence(tmp_path: Path, line: str, answer: str) -> None:
    assert answer in await transcript(tmp_path, line)


async def test_updates_are_shown_as_the_chat_opens_with_who_tells_of_them(tmp_path: Path) -> None:
    follows = Follows(new=[update_of(MINE, line="A court \x1b[31mhalted it."), Update(follow=MINE, at=NOON)])

    text = await transcript(tmp_path, wait_for(lambda: not follows.new), follows=follows)

    assert "New on what you follow: Ferries ordered\nFerries ordered\n  A court" in text
    assert "halted it. [Wire]\n2 outlets tell of it · /brief #128 · /unfollow 3\n" in text
    assert "Nothing new has come of “Ferries ordered” for a week." in text
    assert "\x1b[31m" not in text


async def test_updates_that_a_reading_of_the_feeds_brings_are_shown_after_it(tmp_path: Path) -> None:
    follows = Follows()

    class Bringing(Wire):
        async def round(self, progress: Progress) -> IngestReport:
            follows.new.append(update_of(MINE))
            return await Wire.round(self, progress)

    news = Bringing()

    text = await transcript(
        tmp_path, wait_for(lambda: bool(news.rounds) and not follows.new), follows=follows, news=news
    )

    assert text.index("The feeds are read") < text.index("A court halted the order. [Wire]")


async def test_updates_that_cannot_be_read_do_not_keep_the_feeds_from_being_read(tmp_path: Path) -> None:
    class Broken(Follows):
        async def updates(self, reader: ReaderId) -> Sequence[Update]:
            raise StorageBusy("database: held")

    news = Wire()

    text = await transcript(tmp_path, wait_for(lambda: news.rounds > 0), follows=Broken(), news=news)

    assert "The feeds are read" in text


async def test_over_a_pipe_nothing_is_told_unasked(tmp_path: Path) -> None:
    follows = Follows(new=[update_of(MINE)])

    await transcript(tmp_path, "Who?", attended=False, follows=follows)

    assert len(follows.new) == 1


async def test_a_page_that_is_shown_counts_as_looked_at_and_begins_with_what_is_new(tmp_path: Path) -> None:
    told = replace(
        page(), news=NewSince(at=NOON, gist=hot_story(line="A court halted it.").gist), without=frozenset((Part.WORDS,))
    )
    briefs = OnePage(told=told)

    text = await transcript(tmp_path, "/brief 128", briefs=briefs)

    assert "Ferries ordered\nNew since 2026-11-12 12:00:\n  A court halted it. [Wire]\n\nSix ferries" in text
    assert "/follow #128 tells you what comes of it." in text
    assert "I looked by meaning alone." in text
    assert briefs.seen == [READER]
