"""A reader's interests as the tests of whoever shows them need them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from generation.portrait import portrait
from storage.domain.annotations import Category
from storage.domain.changes import Learned, Numbered, Unlearned
from storage.domain.evidence import Evidence, EvidenceId, EvidenceKind
from storage.domain.interests import Interest, InterestNote, Interests, Line, Portrait, Steered, Undone
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.domain.stories import Trend
from storage.errors import InputError

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def interest(
    *words: str, number: int = 1, category: Category | None = None, line: str = "Who?", weight: float = 3.0
) -> Interest:
    ids = (EvidenceId(number),)
    lines = (Line(evidence=ids, kind=EvidenceKind.ASKED, at=NOON, words=line),)
    return Interest(words=words, category=category, weight=weight, trend=Trend.STEADY, evidence=ids, lines=lines)


@dataclass(slots=True)
class Learner:
    """Knows what it is given, by number; changes nothing of it, and remembers what it should have."""

    known: Interests = field(default_factory=Interests)
    changes: list[Learned | Unlearned] = field(default_factory=list)
    pages: list[tuple[ReaderId, ArticleId]] = field(default_factory=list)

    async def show(self, reader: ReaderId) -> Interests:
        del reader
        return self.known

    def shown(self, reader: ReaderId, known: Interests) -> Numbered:
        return Numbered(reader=reader, numbers={str(n): each.evidence for n, each in enumerate(known.liked, start=1)})

    async def portray(self, notes: Sequence[InterestNote], language: str) -> Portrait:
        return portrait(notes, language)

    def to_tell(self, reader: ReaderId, text: str) -> Learned:
        if text == "nothing":
            raise InputError(text, "names no interest", key="interests_usage")
        return Learned(evidence=(Evidence(reader=reader, kind=EvidenceKind.TOLD, at=NOON, key="text:1", text=text),))

    async def to_undo(self, reader: ReaderId) -> Undone:
        """What was told last, if that is not taken back yet."""
        last = self.changes[-1] if self.changes else None
        if not isinstance(last, Learned):
            return Undone(said="feedback_nothing_back")
        what = tuple(each.text or each.key for each in last.evidence)
        return Undone(said="feedback_taken_back", what=what, change=Unlearned(reader=reader, evidence=()))

    async def unmuted_by(self, reader: ReaderId, told: Learned) -> tuple[Interest, ...]:
        """What is muted under one of the words that are told."""
        del reader
        words = {each.text for each in told.evidence}
        return tuple(each for each in self.known.muted if words & set(each.words))

    async def to_boost(self, reader: ReaderId, wanted: str) -> Steered:
        return self._steered(reader, wanted, "interest_boosted")

    async def to_mute(self, reader: ReaderId, wanted: str) -> Steered:
        return self._steered(reader, wanted, "interest_muted")

    async def to_forget(self, reader: ReaderId, wanted: str) -> Steered:
        return self._steered(reader, wanted, "interest_dropped")

    def to_reset(self, reader: ReaderId) -> Unlearned:
        return Unlearned(reader=reader, evidence=None)

    async def make(self, change: Learned | Unlearned | Numbered) -> None:
        if not isinstance(change, Numbered):
            self.changes.append(change)

    async def opened(self, reader: ReaderId, article: ArticleId) -> None:
        self.pages.append((reader, article))

    def _steered(self, reader: ReaderId, wanted: str, said: str) -> Steered:
        if not wanted.isdecimal() or not 1 <= int(wanted) <= len(self.known.liked):
            raise InputError(wanted, "is not there", key="interest_unknown", wanted=wanted)
        meant = self.known.liked[int(wanted) - 1]
        return Steered(what=meant, said=said, change=Unlearned(reader=reader, evidence=meant.evidence))
