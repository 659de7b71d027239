"""What readers say of sources in the chat, and what their wishes for the news of a topic tell."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.flows.feedback import Feedback
from storage.domain.changes import Learned
from tests.bot.terminal.fakes import NOON, READER, Newest, transcript
from tests.feedback import GivenEvidence
from tests.interests import Learner


class Rated:
    """A chat that takes down what is said, a minute after the line before."""

    def __init__(self) -> None:
        self.evidence, self._minutes = GivenEvidence(), iter(range(100))
        evidence = self.evidence

        class Learning(Learner):
            async def make(self, change: object) -> None:
                evidence.make([change])  # type: ignore[list-item]  # what the chat changes

        self.learn = Learning()
        self.feedback = Feedback(shelf=evidence, clock=lambda: NOON + timedelta(minutes=next(self._minutes)))

    async def said(self, home: Path, *lines: str, language: str = "en") -> str:
        return await transcript(home, *lines, language=language, learn=self.learn, feedback=self.feedback)


@pytest.mark.parametrize(
    ("command", "kind", "english", "chinese"),
    [
        ("like", "liked", "Noted: you like this.", "记下了：你喜欢这条。"),
        ("dislike", "disliked", "Noted: you do not like this.", "记下了：你不喜欢这条。"),
        ("more", "more", "Noted: more like this.", "记下了：多看这类。"),
        ("less", "less", "Noted: less like this.", "记下了：少看这类。"),
    ],
)
async def test_a_source_of_the_last_answer_is_spoken_of_by_its_number(
    tmp_path: Path, command: str, kind: str, english: str, chinese: str
) -> None:
    one, two = Rated(), Rated()

    text = await one.said(tmp_path, "Did it rain?", f"/{command} 2")
    zh = await two.said(tmp_path, "下雨了吗？", f"/{command} [1]", language="zh")

    assert f"{english}\nTitle 2\n" in text
    assert f"{chinese}\nTitle 1\n" in zh
    assert (one.evidence.said(READER), two.evidence.said(READER)) == ([(kind, "a2")], [(kind, "a1")])


async def test_what_is_said_once_more_is_taken_back_and_the_opposite_replaces_it(tmp_path: Path) -> None:
    rated = Rated()

    text = await rated.said(tmp_path, "Did it rain?", "/like 1", "/dislike 1", "/more 1", "/more 1")

    assert "Taken back.\nTitle 1\n" in text
    assert rated.evidence.said(READER) == [("disliked", "a1")]


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        (("/like 1",), "I have shown nothing with numbers yet."),
        (("Did it rain?", "/less 9"), "What I showed last has no 9. Its numbers go from 1 to 2: /less 1"),
        (("Did it rain?", "/more"), "Say which: /more 1, for example."),
    ],
)
async def test_what_no_number_names_is_said_in_one_sentence(
    tmp_path: Path, lines: tuple[str, ...], answer: str
) -> None:
    rated = Rated()

    assert answer in await rated.said(tmp_path, *lines)
    assert rated.evidence.held == {}


async def test_the_commands_are_among_those_that_help_lists(tmp_path: Path) -> None:
    text = await transcript(tmp_path, "/help")

    assert all(f"/{name} N" in text for name in ("like", "dislike", "more", "less"))


async def test_the_newest_of_a_topic_tell_that_its_reader_cares_and_the_newest_of_all_tell_nothing(
    tmp_path: Path,
) -> None:
    learn = Learner()

    await transcript(tmp_path, "/latest", "/latest chip exports", learn=learn, latest=Newest())

    (learned,) = learn.changes
    assert isinstance(learned, Learned)
    assert [(each.reader, each.kind, each.text) for each in learned.evidence] == [(READER, "asked", "chip exports")]
