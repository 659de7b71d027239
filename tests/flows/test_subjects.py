from __future__ import annotations

import pytest

from bot.flows.evidence import of_telling
from bot.flows.subjects import SUBJECTS, Subjects, subject_wanted
from bot.texts import languages, say
from storage.domain.annotations import Category
from storage.domain.people import ReaderId
from storage.errors import InputError
from tests.bot.flows import NOW
from tests.feedback import ADA, GivenEvidence


class Picked:
    """Someone who picks subjects."""

    def __init__(self) -> None:
        self.shelf = GivenEvidence()
        self.subjects = Subjects(shelf=self.shelf, clock=lambda: NOW)

    async def pick(self, subject: Category, *, wanted: bool = True, words: str = "x", reader: ReaderId = ADA) -> int:
        changes = await self.subjects.to_pick(reader, subject, words, wanted=wanted)
        self.shelf.make(changes)
        return len(changes)


async def test_what_is_picked_is_told_once_and_taken_back_once() -> None:
    reader = Picked()

    changed = [
        await reader.pick(Category.SPORT),
        await reader.pick(Category.SPORT),
        await reader.pick(Category.HEALTH),
        await reader.pick(Category.SPORT, wanted=False),
        await reader.pick(Category.SPORT, wanted=False),
    ]

    assert changed == [1, 0, 1, 1, 0]
    assert await reader.subjects.picked(ADA) == {Category.HEALTH}


async def test_what_one_reader_picks_no_other_did() -> None:
    reader = Picked()

    await reader.pick(Category.SPORT, reader=ReaderId("telegram:8"))

    assert await reader.subjects.picked(ADA) == frozenset()


async def test_a_subject_that_is_picked_is_what_writing_its_name_would_be() -> None:
    for language in languages():
        for subject in SUBJECTS:
            reader, words = Picked(), say(language, f"category_{subject}")
            await reader.pick(subject, words=words)

            (written,) = of_telling(ADA, words, NOW)
            (picked,) = reader.shelf.held.values()
            assert (picked.kind, picked.key, picked.text, picked.category, picked.worth) == (
                written.kind, written.key, written.text, written.category, written.worth
            ), words  # fmt: skip


def test_what_is_of_no_subject_cannot_be_picked() -> None:
    assert set(Category) - set(SUBJECTS) == {Category.OTHER}


@pytest.mark.parametrize(
    ("words", "subject"),
    [("sport", Category.SPORT), ("Sports news", Category.SPORT), ("in science", Category.SCIENCE),
     ("体育", Category.SPORT), ("科技新闻", Category.TECHNOLOGY), ("财经类", Category.BUSINESS),
     ("", None), ("  ", None)],
)  # fmt: skip
def test_a_subject_is_wanted_by_what_readers_call_it(words: str, subject: Category | None) -> None:
    assert subject_wanted(words) is subject


@pytest.mark.parametrize("language", languages())
def test_what_is_no_subject_is_answered_with_those_that_are(language: str) -> None:
    with pytest.raises(InputError) as refused:
        subject_wanted("chip exports")

    said = say(language, str(refused.value.key), **refused.value.fields)
    assert "chip exports" in said
    assert all(say(language, f"category_{each}") in said for each in SUBJECTS)
