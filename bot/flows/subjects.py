"""Subjects that a reader picks from a list: as if they had written that they care about them, until they take it back.

Each is picked or not, so that picking it twice is picking it once. Decides; changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.flows.evidence import of_words
from bot.flows.wording.vocabulary import subject_named
from storage.domain.annotations import Category
from storage.domain.changes import Learned, Unlearned
from storage.domain.evidence import Evidence, EvidenceId, EvidenceKind
from storage.domain.people import ReaderId
from storage.domain.times import Clock
from storage.errors import InputError

SUBJECTS = tuple(each for each in Category if each is not Category.OTHER)
"""Those that can be picked, in the order they are listed."""
_ACT = "subject:"
_SHOWN = 60


class GivenShelf(Protocol):
    """What readers did, by the acts it is of."""

    async def given(self, reader: ReaderId, acts: Sequence[str]) -> Mapping[EvidenceId, Evidence]:
        """What a reader did by these acts, as far as it is not taken back."""
        ...


def subject_wanted(words: str) -> Category | None:
    """The subject that a reader names; `None` where they name none.

    Raises:
        InputError: They name something else.
    """
    if not words.strip():
        return None
    found = subject_named(words)
    if found is None:
        raise InputError(
            words, f"is none of {', '.join(SUBJECTS)}", key="subject_unknown", wanted=words.strip()[:_SHOWN]
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """Takes down which subjects readers pick."""

    shelf: GivenShelf
    clock: Clock

    async def picked(self, reader: ReaderId) -> frozenset[Category]:
        """Those that they picked, and did not take back."""
        held = await self.shelf.given(reader, [f"{_ACT}{each}" for each in SUBJECTS])
        return frozenset(Category(str(each.act).removeprefix(_ACT)) for each in held.values())

    async def to_pick(
        self, reader: ReaderId, subject: Category, words: str, *, wanted: bool
    ) -> tuple[Learned | Unlearned, ...]:
        """What it changes that they pick a subject, or take it back; nothing where that is so already.

        Args:
            reader: Who.
            subject: One of `SUBJECTS`.
            words: What the subject is called in their language.
            wanted: Whether they pick it.
        """
        act = f"{_ACT}{subject}"
        held = await self.shelf.given(reader, (act,))
        if wanted == bool(held):
            return ()
        if not wanted:
            return (Unlearned(reader=reader, evidence=tuple(held)),)
        told = of_words(reader, EvidenceKind.TOLD, words, self.clock())
        return (Learned(evidence=(replace(told, category=subject, act=act),)),)
