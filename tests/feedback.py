"""What readers said of what they were shown, in memory, and what messages tell of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.flows.undoing import said_last, undone
from storage.domain.changes import Change, Counted, Learned, Unlearned
from storage.domain.evidence import Evidence, EvidenceId
from storage.domain.feedback import About, Offer, Thing
from storage.domain.interests import Undone
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.domain.stories import StoryId

ADA = ReaderId("telegram:7")
REF = "AbCdEfGhIjKl"


def thing(*articles: str, story: int | None = None) -> Thing:
    return Thing(articles=tuple(map(ArticleId, articles)), story=None if story is None else StoryId(story))


def about(*things: Thing, offers: Sequence[Offer] = (), language: str = "en") -> About:
    return About(ref=REF, reader=ADA, language=language, things=things, offers=tuple(offers))


@dataclass(slots=True)
class GivenEvidence:
    """Evidence by its number; `make` changes it as the stores do."""

    held: dict[EvidenceId, Evidence] = field(default_factory=dict)
    _last: int = 0

    async def given(self, reader: ReaderId, acts: Sequence[str]) -> dict[EvidenceId, Evidence]:
        return {id_: each for id_, each in self.held.items() if each.reader == reader and each.act in acts}

    def make(self, changes: Sequence[Change]) -> None:
        for change in changes:
            match change:
                case Learned(evidence=evidence):
                    for each in evidence:
                        self._last += 1
                        self.held[EvidenceId(self._last)] = each
                case Unlearned(reader=reader, evidence=gone):
                    for id_ in gone or ():
                        assert self.held.pop(id_).reader == reader
                case Counted():
                    pass
                case _:
                    raise AssertionError(change)

    def to_undo(self, reader: ReaderId, now: datetime) -> Undone:
        """What the flow makes of it; an article is called as it is keyed."""
        held = {id_: each for id_, each in self.held.items() if each.reader == reader}
        return undone(reader, said_last(held, now), {each.key: each.key for each in held.values()}, ())

    def said(self, reader: ReaderId = ADA) -> list[tuple[str, str]]:
        return [(each.kind.value, each.key) for each in self.held.values() if each.reader == reader]
