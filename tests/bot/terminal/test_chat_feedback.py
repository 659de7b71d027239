"""What readers say of sources in the chat, and what their wishes for the news of a topic tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.flows.feedback import Feedback
from storage.domain.changes import Learned
from storage.domain.interests import Undone
from storage.domain.people import ReaderId
from tests.bot.terminal.fakes import NOON, READER, Newest, Replies, cited_reply, transcript
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

            async def to_undo(self, reader: ReaderId) -> Undone:
                return evidence.to_undo(reader, NOON)

        self.learn = Learning()
        self.feedback = Feedback(shelf=evidence, clock=lambda: NOON + timedelta(minutes=next(self._minutes)))

    async def said(self, home: Path, *lines: str, language: str = "en", **parts: object) -> str:
        return await transcript(home, *lines, language=language, learn=self.learn, feedback=self.feedback, **parts)


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


@pytest.mark.parametrize(
    ("language", "line", "kind", "confirmed"),
    [
        ("en", "more like number 1", ("more", "a1"), "Noted: more like this.\nTitle 1\n“undo” takes it back.\n"),
        ("en", "I don't like the second one", ("disliked", "a2"), "Noted: you do not like this.\nTitle 2\n"),
        ("zh", "第二条不喜欢", ("disliked", "a2"), "记下了：你不喜欢这条。\nTitle 2\n说“撤销”可以收回。\n"),
    ],
)
async def test_what_is_said_in_plain_words_is_what_the_command_says_and_can_be_taken_back(
    tmp_path: Path, language: str, line: str, kind: tuple[str, str], confirmed: str
) -> None:
    rated, back = Rated(), Rated()

    text = await rated.said(tmp_path, "Did it rain?", line, line, language=language)
    taken = await back.said(tmp_path, "Did it rain?", line, "undo", language=language)

    assert confirmed in text
    assert rated.evidence.said(READER) == [kind]
    assert "Taken back." in taken
    assert back.evidence.held == {}


async def test_of_a_whole_answer_it_is_said_as_of_one_thing(tmp_path: Path) -> None:
    rated = Rated()

    text = await rated.said(tmp_path, "Did it rain?", "great answer")

    assert "Noted: you like this." in text
    assert rated.evidence.said(READER) == [("liked", "a1"), ("liked", "a2")]
    assert sum(each.worth for each in rated.evidence.held.values()) == 2.0


async def test_what_nothing_was_shown_for_or_may_be_of_several_is_asked_back(tmp_path: Path) -> None:
    rated = Rated()

    before = await rated.said(tmp_path, "less of that")
    cited = cited_reply()
    listing = replace(cited, answer=replace(cited.answer, listing=True))
    several = await rated.said(
        tmp_path, "What's new?", "less of that", "less like number 9", converse=Replies({"What's new?": listing})
    )

    assert "I have shown nothing that this could be about." in before
    assert "Which one of these? Say, for example: less like number 2" in several
    assert "What I showed last has no 9" in several
    assert rated.evidence.held == {}


async def test_what_was_told_last_is_what_undo_takes_back(tmp_path: Path) -> None:
    rated = Rated()

    text = await rated.said(tmp_path, "Did it rain?", "more like number 1", "less sport please", "undo", "undo")

    assert text.index("Taken back.") < text.rindex("Taken back.\na1")
    assert rated.evidence.said(READER) == []
