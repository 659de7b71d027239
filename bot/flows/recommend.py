"""What readers should read: stories chosen and ordered for each of them, told once for all, each with why it is there.

The stories are read once for all readers who see the same articles, ranked for all of them in one computation, and told
once in each language, however many are shown them.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Container, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.flows.asking import Asking, Wanted, all_asked, asked, speaking
from bot.flows.fresh import readable
from bot.flows.ports import NOBODY
from storage.domain.digests import Because, Digest, DigestItem, Shown, Style
from storage.domain.follows import News
from storage.domain.kinds import ArticleKind, kind_of
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.domain.stories import Heat, HotStory, Report, Story, StoryId, Weighed
from storage.domain.summaries import Gist

LATELY = timedelta(hours=36)
"""What is recommended was moving within so much time: a day, and what came too late for the day before."""
_WIDER = (timedelta(days=7), timedelta(days=30))
REMEMBERED = timedelta(days=30)
"""How long it is remembered what a reader was shown."""
# So many stories are ranked; those of most outlets.
_MOST_STORIES = 2_000
# Fewer than so many times what is wanted: a look further back.
_FEW = 2
# Of so many it is kept how they were told: more than are shown to all readers within an hour.
_MOST_TOLD = 4_096
# How many articles stand for a story.
_LEADING = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A story as it is chosen for a reader: its place, what counts for it, and what it was ranked by."""

    place: int
    because: tuple[Because, ...]
    features: Mapping[str, float]


class Ranks(Protocol):
    """Chooses stories for readers."""

    async def rank(
        self, stories: Sequence[Weighed], asking: Sequence[Asking], now: datetime
    ) -> Sequence[Sequence[Pick]]:
        """For each of those who ask, the best first.

        Raises:
            EncoderUnavailable: The model cannot be loaded.
        """
        ...


class Views(Protocol):
    """Who sees the same articles."""

    async def views(self, readers: Sequence[ReaderId]) -> Mapping[ReaderId, Hashable]:
        """What makes a reader see other articles than others; equal ones see the same."""
        ...


class Seen(Protocol):
    """What readers were shown."""

    async def shown(self, readers: Collection[ReaderId], since: datetime) -> Mapping[ReaderId, Sequence[Shown]]:
        """What each was shown since then, each story once."""
        ...


class Stories(Protocol):
    """The stories there are, weighed and told."""

    async def weighed(
        self, lately: timedelta, *, until: datetime, reader: ReaderId | None, limit: int
    ) -> Sequence[Weighed]:
        """Those that something was published of in so much time before `until`."""
        ...

    async def told(
        self, measured: Sequence[tuple[Heat, Story]], language: str | None, reader: ReaderId | None, lines: int
    ) -> Sequence[HotStory]:
        """These, named and told in so many lines."""
        ...


class WhatIsNew(Protocol):
    """Finds what is new of stories."""

    async def of(
        self,
        story: Story,
        *,
        since: datetime,
        reader: ReaderId | None,
        language: str | None,
        heard: Container[ArticleId],
        lines: int,
    ) -> News | None:
        """What is new since then; `None` where nothing is."""
        ...


@dataclass(slots=True)
class _Told:
    """Stories as they were told last, by what they were told from, and how."""

    held: dict[Hashable, tuple[str, Gist]] = field(default_factory=dict)

    def get(self, story: Story, language: str, lines: int) -> tuple[str, Gist] | None:
        """Its title and what it comes to, as they were told from the same articles."""
        return self.held.get(_telling(story, language, lines))

    def keep(self, told: Sequence[HotStory], language: str, lines: int) -> None:
        """Keep these, and let go of those that were told first where there are too many, but of none of these."""
        for each in told:
            self.held[_telling(each.story, language, lines)] = each.title, each.gist
        for old in list(self.held)[: max(0, len(self.held) - max(_MOST_TOLD, len(told)))]:
            del self.held[old]


def _telling(story: Story, language: str, lines: int) -> Hashable:
    return story.id, hash(tuple(report.headline.id for report in story.reports)), len(story.reports), language, lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommend:
    """Chooses and tells what readers should read."""

    stories: Stories
    ranks: Ranks
    views: Views
    seen: Seen
    fresh: WhatIsNew
    _told: _Told = field(default_factory=_Told)

    async def digests(self, wanted: Sequence[Wanted], now: datetime) -> Sequence[Digest]:
        """What each is shown, in the order they are given; a reader is in it once.

        Raises:
            EncoderUnavailable: The model cannot be loaded.
        """
        readers = [each.reader for each in wanted if each.reader is not None]
        views = await self.views.views(readers)
        seen = await self.seen.shown(readers, now - REMEMBERED)
        alike: dict[tuple[Hashable, timedelta | None], list[int]] = defaultdict(list)
        for at, each in enumerate(wanted):
            alike[None if each.reader is None else (views[each.reader],), each.lately].append(at)
        found: dict[int, Digest] = {}
        for (view, _), places in alike.items():
            some = [wanted[at] for at in places]
            found.update(zip(places, await self._alike(view, some, seen, now), strict=True))
        return [found[at] for at in range(len(wanted))]

    async def _alike(
        self, view: Hashable, wanted: Sequence[Wanted], seen: Mapping[ReaderId, Sequence[Shown]], now: datetime
    ) -> Sequence[Digest]:
        """Of those who see the same articles, of the same time."""
        shown = [{each.story: each for each in seen.get(one.reader, ())} if one.reader else {} for one in wanted]
        stories, asking = await self._asking(wanted, shown, now)
        if not stories:
            return [_digest(one, (), now) for one in wanted]
        picked = await self.ranks.rank(stories, [replace(one, view=view) for one in asking], now)
        for style, language in dict.fromkeys((one.style, one.language) for one in wanted):
            chosen = {
                pick.place
                for one, held, picks in zip(wanted, shown, picked, strict=True)
                if (one.style, one.language) == (style, language)
                for pick in picks
                if stories[pick.place].story.id not in held
            }
            await self._tell([stories[place] for place in sorted(chosen)], language, style, wanted[0].reader)
        return [
            _digest(one, await self._items(one, held, [(stories[pick.place], pick) for pick in picks]), now)
            for one, held, picks in zip(wanted, shown, picked, strict=True)
        ]

    async def _asking(
        self, wanted: Sequence[Wanted], shown: Sequence[Mapping[StoryId, Shown]], now: datetime
    ) -> tuple[Sequence[Weighed], list[Asking]]:
        """The stories to choose from, and who asks."""
        stories: Sequence[Weighed] = ()
        asking: list[Asking] = []
        lately = wanted[0].lately
        for span in (LATELY, *_WIDER) if lately is None else (lately,):
            stories = await self.stories.weighed(span, until=now, reader=wanted[0].reader, limit=_MOST_STORIES)
            asking = await asyncio.to_thread(all_asked, list(map(speaking, wanted)), shown, stories)
            if all(len(stories) - len(one.excluded) >= _FEW * one.length for one in asking):
                break
        # Who is told nothing in their own language may read another one.
        return stories, [
            asked(one, held, stories) if len(mine.excluded) == len(stories) else mine
            for one, held, mine in zip(wanted, shown, asking, strict=True)
        ]

    async def _tell(self, stories: Sequence[Weighed], language: str, style: Style, reader: ReaderId | None) -> None:
        lines = max(1, style.lines)
        new = [each for each in stories if self._told.get(each.story, language, lines) is None]
        found = await self.stories.told([(each.heat, each.story) for each in new], language, reader, lines)
        self._told.keep(found, language, lines)

    async def _items(
        self,
        wanted: Wanted,
        shown: Mapping[StoryId, Shown],
        picks: Sequence[tuple[Weighed, Pick]],
    ) -> tuple[DigestItem, ...]:
        lines = max(1, wanted.style.lines)
        found: list[DigestItem] = []
        for weighed, pick in picks:
            if len(found) == wanted.length:
                break
            story = weighed.story
            last = shown.get(story.id)
            if last is None:
                if told := self._told.get(story, wanted.language, lines):
                    found.append(_item(wanted, weighed, pick, *told))
                continue
            news = await self.fresh.of(
                story,
                since=last.at,
                reader=wanted.reader,
                language=wanted.language,
                heard=last.texts,
                lines=lines,
            )
            if news is not None:
                found.append(replace(_item(wanted, weighed, pick, news.title, news.gist), new_since=last.at))
        return tuple(found)


def _item(wanted: Wanted, weighed: Weighed, pick: Pick, title: str, gist: Gist) -> DigestItem:
    reports = weighed.story.reports
    newest = list({report.headline.group: report.headline for report in readable(reports, wanted.language)}.values())
    leading = list(dict.fromkeys(citation.article_id for citation in gist.citations))
    leading += [headline.id for headline in reversed(newest) if headline.id not in leading]
    lead = next((headline for headline in reversed(newest) if headline.url), newest[-1])
    kept = gist if wanted.style.lines else Gist(lines=(), citations=(), engine=NOBODY)
    return DigestItem(
        story=weighed.story.id,
        title=title,
        gist=kept,
        because=pick.because,
        outlets=weighed.heat.outlets,
        category=weighed.category,
        kind=_kind(reports),
        lead=lead,
        articles=tuple(leading[:_LEADING]),
        texts=tuple(dict.fromkeys(report.headline.group for report in reports)),
        features=pick.features,
    )


def _kind(reports: Sequence[Report]) -> ArticleKind:
    """What a story's articles are: news as soon as one is."""
    kinds = {kind_of(report.headline.url) for report in reports}
    return kinds.pop() if len(kinds) == 1 else ArticleKind.NEWS


def _digest(wanted: Wanted, items: tuple[DigestItem, ...], now: datetime) -> Digest:
    return Digest(reader=wanted.reader, at=now, items=items, language=wanted.language, slot=wanted.slot)
