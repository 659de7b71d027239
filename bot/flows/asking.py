"""For whom stories are ranked: what somebody wants to be shown, and what of the stories there are they must not be.

That is what is not to their taste, and what they know. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.flows.fresh import came, readable
from storage.domain.digests import ANYTHING, SHORTEST, Shown, Slot, Style, Tastes
from storage.domain.heard import Heard
from storage.domain.kinds import kind_of
from storage.domain.people import ReaderId
from storage.domain.sources import fold
from storage.domain.stories import Report, StoryId, Weighed

# With what is far from all that a reader turns to, no more than so many places are filled.
_FILLED = SHORTEST
# So many more are chosen than are wanted: what moved may turn out to be nothing new once it is read.
_SPARE = 4
# How new a story is to a reader at least who was shown it and to whom something came.
_LEAST_NEW = 0.3
# And one that they were not shown though it is from earlier: it stands behind what is as near to them and of today.
_EARLIER_NEW = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants to be shown.

    Args:
        reader: Who; `None` is the operator, who sees all and of whom nothing is known.
        length: How many items at most.
        style: How they are told.
        tastes: What of the news.
        language: That they are told in where an article is in it.
        slot: The hour it is for; `None` where it was asked for.
        lately: Something was published of them within so much time; `None` is `LATELY`, or longer where that brought
            next to nothing.
        outlets: So many outlets tell of each independently at least.
    """

    reader: ReaderId | None
    length: int
    style: Style = Style.BRIEF
    tastes: Tastes = ANYTHING
    language: str = "en"
    slot: Slot | None = None
    lately: timedelta | None = None
    outlets: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """For whom stories are ranked.

    Args:
        reader: Who; `None` is somebody of whom nothing is known.
        view: Who sees the same articles has the same.
        length: How many are wanted at most.
        filled: Up to so many are chosen however far they are from all that the reader turns to; all where not given.
        spare: How many more are chosen, in the places after them: some may turn out to be nothing new.
        excluded: Those that they must not be shown, by their places.
        novelty: How much of a story is new to them, in [0, 1], by its place; all of it where nothing is said.
        earlier: Those that are from earlier, by their places: shown where they are near to what the reader turns to.
        seed: What is drawn by chance is drawn by.
    """

    reader: ReaderId | None
    length: int
    view: Hashable = None
    filled: int | None = None
    spare: int = 0
    excluded: frozenset[int] = frozenset()
    novelty: Mapping[int, float] = field(default_factory=dict)
    earlier: frozenset[int] = frozenset()
    seed: str = ""


def speaking(wanted: Wanted) -> Wanted:
    """With the language they are spoken to in, where they did not say which they want to read."""
    if wanted.tastes.languages:
        return wanted
    return replace(wanted, tastes=replace(wanted.tastes, languages=(wanted.language,)))


def all_asked(
    wanted: Sequence[Wanted], shown: Sequence[Mapping[StoryId, Shown]], stories: Sequence[Weighed]
) -> list[Asking]:
    """All who ask for stories that all of them see."""
    return [asked(one, held, stories) for one, held in zip(wanted, shown, strict=True)]


def asked(wanted: Wanted, shown: Mapping[StoryId, Shown], stories: Sequence[Weighed]) -> Asking:
    """Who asks, with what they are not to be shown: what is not to their taste, and what they know."""
    excluded: set[int] = set()
    novelty: dict[int, float] = {}
    known = Heard(frozenset().union(*(each.texts.marks for each in shown.values())))
    for place, weighed in enumerate(stories):
        last = shown.get(weighed.story.id)
        # What several outlets are to tell of must have happened now, too, which of what is undated nobody knows.
        untold = wanted.outlets > 1 and not weighed.story.timed
        if untold or weighed.heat.outlets < wanted.outlets or not to_taste(wanted.tastes, weighed):
            excluded.add(place)
        elif last is not None:
            new = came(readable(weighed.story.reports, wanted.language), last.at, last.texts)
            if not new:
                excluded.add(place)
            else:
                novelty[place] = max(_LEAST_NEW, *(report.novelty for report in new))
        elif known and all(report.headline.group in known for report in weighed.story.reports):
            excluded.add(place)
    return Asking(
        reader=wanted.reader,
        length=wanted.length,
        filled=min(wanted.length, _FILLED) if _by_interest(wanted) else None,
        spare=_SPARE,
        excluded=frozenset(excluded),
        novelty=novelty,
        seed=f"{wanted.reader} {wanted.slot.name if wanted.slot else ''}",
    )


def with_earlier(asking: Asking, places: Collection[int]) -> Asking:
    """The same, where the stories at these places are from earlier than what is recommended mostly."""
    novelty = {place: _EARLIER_NEW * asking.novelty.get(place, 1.0) for place in places}
    return replace(asking, earlier=frozenset(places), novelty={**asking.novelty, **novelty})


def _by_interest(wanted: Wanted) -> bool:
    """Whether nothing is said of what is wanted: then it is only what the reader turns to, and a little besides."""
    tastes = wanted.tastes
    return wanted.outlets == 1 and not (tastes.categories or tastes.kinds or tastes.sources)


def to_taste(tastes: Tastes, weighed: Weighed) -> bool:
    """Whether a story is of what somebody wants to be shown: a report of it has to be all that."""
    if tastes.categories and weighed.category not in tastes.categories:
        return False
    if not (tastes.languages or tastes.kinds or tastes.sources):
        return True
    sources = {fold(source) for source in tastes.sources}
    return any(
        (not tastes.languages or report.headline.language in tastes.languages)
        and (not tastes.kinds or kind_of(report.headline.url) in tastes.kinds)
        and (not sources or _from(report, sources))
        for report in weighed.story.reports
    )


def _from(report: Report, sources: Collection[str]) -> bool:
    """Whether a report comes from one of these, as they are named or by the host they publish at."""
    if fold(report.headline.source or "") in sources:
        return True
    host = fold((report.headline.url or "").partition("://")[2].partition("/")[0]).removeprefix("www.")
    return host in sources
