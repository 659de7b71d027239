"""Stories weighed: how hot each is, against what its outlets usually publish, which is looked up every so often."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.flows.telling import Notes, subject
from storage.domain.annotations import Annotation
from storage.domain.news import ArticleId, Filters
from storage.domain.people import ReaderId
from storage.domain.stories import Heat, Report, Story, Weighed

LATELY = timedelta(hours=24)
"""What counts as now where nothing else is said."""
# What outlets usually publish is what they published in the week before, not counting the day that is looked at.
_USUAL_DAYS, _USUAL_AGE = 7, timedelta(minutes=15)
_USUAL_ARTICLES = 100_000
JUST_AFTER = timedelta(microseconds=1)
"""What is published at a moment counts at it."""

Measure = Callable[[Sequence[Report], datetime, timedelta], Heat]
"""How hot the story of some reports is at a time, in so long a time before it."""


class RecentStories(Protocol):
    """The stories of a time."""

    async def recent(
        self, since: datetime, until: datetime, filters: Filters, reader: ReaderId | None, limit: int
    ) -> Sequence[Story]:
        """The stories that something was published of in a time, those of most outlets first.

        Each with its reports that `reader` may see up to `until`.
        """
        ...

    async def published(self, since: datetime, until: datetime, limit: int) -> Sequence[tuple[str, datetime]]:
        """(source, when) of the newest articles of a time."""
        ...


@dataclass(slots=True)
class _Usual:
    """What was looked up last, and for when."""

    at: datetime
    measure: Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """Weighs stories.

    Args:
        against: Makes what measures heat of (outlet, when) of articles and the days these are of.
    """

    shelf: RecentStories
    notes: Notes
    against: Callable[[Sequence[tuple[str, datetime]], float], Measure]
    _usual: list[_Usual] = field(default_factory=list)

    async def weighed(
        self, lately: timedelta, until: datetime, reader: ReaderId | None, limit: int
    ) -> Sequence[Weighed]:
        """The stories that something was published of in so much time before `until`, those of most outlets first."""
        recent = await self.shelf.recent(until - lately, until + JUST_AFTER, Filters(), reader, limit)
        stories = [story for story in recent if story.tells]
        measure = await self.measure(until)
        noted = await self.notes.of([report.headline.id for story in stories for report in story.reports])
        return tuple(
            Weighed(
                story=story,
                heat=measure(story.reports, until, lately),
                category=subject(story, noted),
                terms=_terms(story, noted),
            )
            for story in stories
        )

    async def measure(self, now: datetime) -> Measure:
        """What measures heat at a time; looked up again where that is long past the last time, or before it."""
        for held in self._usual:
            if timedelta(0) <= now - held.at < _USUAL_AGE:
                return held.measure
        before = now - LATELY
        published = await self.shelf.published(before - timedelta(days=_USUAL_DAYS), before, _USUAL_ARTICLES)
        found = _Usual(at=now, measure=self.against(published, _USUAL_DAYS))
        self._usual[:] = [found]
        return found.measure


def _terms(story: Story, noted: Mapping[ArticleId, Annotation]) -> frozenset[str]:
    notes = [noted[report.headline.id] for report in story.reports if report.headline.id in noted]
    return frozenset(
        [each.text for note in notes for each in note.keywords] + [each.text for note in notes for each in note.names]
    )
