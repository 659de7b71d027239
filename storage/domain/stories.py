"""Stories as values: what several articles tell of one event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from storage.domain.dialogue import Citation, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What became known on a day (UTC); `day` is the source's."""

    day: date
    sentence: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Accounts of the same thing that give other figures, each of another outlet, the newest first."""

    accounts: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A story at a glance. Every number in a sentence is the `n` of one of `citations`.

    Args:
        title: Of an article, or the topic where there is none.
        background: What went before.
        timeline: What became known when, in the order of time.
        agreed: What several outlets say, each citing all that do.
        differs: Where they give other figures.
    """

    title: str
    background: tuple[Sentence, ...] = ()
    timeline: tuple[Moment, ...] = ()
    agreed: tuple[Sentence, ...] = ()
    differs: tuple[Difference, ...] = ()
    citations: tuple[Citation, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether the sources say nothing of the topic."""
        return not self.citations
