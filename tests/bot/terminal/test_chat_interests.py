from __future__ import annotations

from pathlib import Path

import pytest

from bot.flows.evidence import of_telling
from storage.domain.changes import Learned, Unlearned
from storage.domain.dialogue import Sentence
from storage.domain.evidence import EvidenceId
from storage.domain.interests import Interests
from storage.domain.people import ReaderId
from tests.bot.terminal.fakes import READER, Replies, citation, reply, transcript
from tests.interests import NOON, Learner, interest


async def test_a_profile_is_told_in_words_with_what_it_was_seen_by(tmp_path: Path) -> None:
    known = Interests(
        liked=(interest("ferries", line="Who builds \x1b[31mthem?"),), muted=(interest("celebrities"),), updated_at=NOON
    )

    text = await transcript(tmp_path, "/profile", learn=Learner(known=known))

    assert "You follow ferries most closely." in text
    assert "1.1   asked: Who builds them?" in text
    assert "2.  celebrities" in text
    assert "/boost 1 is more of it" in text


async def test_a_reader_of_whom_nothing_is_known_is_told_how_that_changes(tmp_path: Path) -> None:
    assert "I know nothing of your interests yet." in await transcript(tmp_path, "/profile")


async def test_interests_are_told_steered_and_dropped(tmp_path: Path) -> None:
    learn = Learner(known=Interests(liked=(interest("ferries", number=4),)))

    text = await transcript(tmp_path, "/interests chips", "/mute 1", "/drop 1", "/boost 1", "/drop all", learn=learn)

    for said in ("Noted: chips.", "No more of ferries.", "Forgotten: ferries.", "More of ferries.", "is forgotten."):
        assert said in text
    one = Unlearned(reader=READER, evidence=(EvidenceId(4),))
    assert learn.changes == [
        learn.to_tell(READER, "chips"), one, one, one, Unlearned(reader=READER, evidence=None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/interests ferries, chips, no gossip, no sport", "Noted: ferries, chips; no more of gossip, sport."),
        ("/interests no gossip", "Noted: no more of gossip."),
        ("/interests 渡轮，不看娱乐", "记下了：渡轮；不再看娱乐。"),
    ],
)
async def test_what_somebody_does_not_want_is_said_apart(tmp_path: Path, line: str, said: str) -> None:
    class Told(Learner):
        def to_tell(self, reader: ReaderId, text: str) -> Learned:
            return Learned(evidence=of_telling(reader, text, NOON))

    text = await transcript(tmp_path, line, learn=Told(), language="en" if line.isascii() else "zh")

    assert said in text


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Noted: gossip. No longer muted: gossip."), ("zh", "记下了：gossip。不再屏蔽：gossip。")],
)
async def test_what_telling_unmutes_is_said(tmp_path: Path, language: str, said: str) -> None:
    learn = Learner(known=Interests(muted=(interest("gossip"),)))

    assert said in await transcript(tmp_path, "/interests gossip", learn=learn, language=language)
    assert "No longer muted" not in await transcript(tmp_path, "/interests ferries", learn=learn)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/boost", "Tell me which one, by its number in /profile: /boost 2"),
        ("/mute 9", "There is no interest 9."),
        ("/interests", "Tell me what you care about:"),
    ],
)
async def test_what_cannot_be_steered_is_said_in_one_sentence(tmp_path: Path, line: str, answer: str) -> None:
    learn = Learner()

    text = await transcript(tmp_path, line, learn=learn)

    assert answer in text
    assert learn.changes == []


@pytest.mark.parametrize("url", ["https://news.example/a", None])
async def test_an_article_that_is_opened_is_taken_down(tmp_path: Path, url: str | None) -> None:
    learn = Learner()
    answer = reply(Sentence(text="It rained.", citations=(1,)), citations=(citation(url=url),))

    await transcript(tmp_path, "Who?", "/open 1", "/cite 1", converse=Replies({"Who?": answer}), learn=learn)

    assert learn.pages == [(READER, "a1")]
