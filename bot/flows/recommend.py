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

from bot.flows.asking import Asking, Wanted, all_asked, asked, speaking, with_earlier
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
EARLIER = timedelta(days=7)
"""What is near to a reader is shown from so much earlier, too, where what moved lately is too little of it."""
_WIDER = (EARLIER, timedelta(days=30))
REMEMBERED = timedelta(days=30)
"""How long it is remembered what a reader was shown."""
# So many stories are ranked; those of most outlets.
_MOST_STORIES = 2_000
# From earlier than lately no more are looked at; those of most outlets.
_MOST_EARLIER = 1_000
# Fewer than so many times what is wanted: a look further back.
_FEW = 2
# Of so many it is kept how they were told: more than are shown to all readers within an hour.
_MOST_TOLD = 4_096
# How many articles stand for a story.
_LEADING = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A story as it is chosen for a reader: its place, what counts for it, and what it was ranked by.

    `far` is what a digest is filled up with: it is far from all that its reader turns to.
    """

    place: int
    because: tuple[Because, ...]
    features: Mapping[str, float]
    far: bool = False


Picked = tuple[Weighed, Pick]


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
        picked = await self._picked(view, wanted, shown, now)
        for style, language in dict.fromkeys((one.style, one.language) for one in wanted):
            chosen = {
                weighed.story.id: weighed
                for one, held, picks in zip(wanted, shown, picked, strict=True)
                if (one.style, one.language) == (style, language)
                for weighed, _ in picks
                if weighed.story.id not in held
            }
            await self._tell([chosen[story] for story in sorted(chosen)], language, style, wanted[0].reader)
        return [
            _digest(one, await self._items(one, held, picks, now), now)
            for one, held, picks in zip(wanted, shown, picked, strict=True)
        ]

    async def _picked(
        self, view: Hashable, wanted: Sequence[Wanted], shown: Sequence[Mapping[StoryId, Shown]], now: datetime
    ) -> list[Sequence[Picked]]:
        """What is chosen for each, of what moved lately, and where that is too little, of what is from earlier."""
        stories, said, asking = await self._asking(wanted, shown, now)
        found = await self._ranked(view, stories, asking, now)
        thin = [at for at, (one, picks) in enumerate(zip(asking, found, strict=True)) if _is_thin(one, picks)]
        earlier = await self._earlier(stories, wanted[0].reader, now) if thin else []
        if earlier:
            both, places = [*stories, *earlier], range(len(stories), len(stories) + len(earlier))
            again = await asyncio.to_thread(all_asked, [said[at] for at in thin], [shown[at] for at in thin], both)
            filled = await self._ranked(view, both, [with_earlier(one, places) for one in again], now)
            for at, picks in zip(thin, filled, strict=True):
                found[at] = picks
        return found

    async def _ranked(
        self, view: Hashable, stories: Sequence[Weighed], asking: Sequence[Asking], now: datetime
    ) -> list[Sequence[Picked]]:
        if not stories:
            return [() for _ in asking]
        picked = await self.ranks.rank(stories, [replace(one, view=view) for one in asking], now)
        return [[(stories[pick.place], pick) for pick in picks] for picks in picked]

    async def _asking(
        self, wanted: Sequence[Wanted], shown: Sequence[Mapping[StoryId, Shown]], now: datetime
    ) -> tuple[Sequence[Weighed], Sequence[Wanted], list[Asking]]:
        """The stories to choose from, with what is wanted of them, and who asks."""
        stories: Sequence[Weighed] = ()
        asking: list[Asking] = []
        lately, said = wanted[0].lately, list(map(speaking, wanted))
        for span in (LATELY, *_WIDER) if lately is None else (lately,):
            stories = await self.stories.weighed(span, until=now, reader=wanted[0].reader, limit=_MOST_STORIES)
            asking = await asyncio.to_thread(all_asked, said, shown, stories)
            if all(len(stories) - len(one.excluded) >= _FEW * one.length for one in asking):
                break
        # Who is told nothing in their own language may read another one.
        for at, one in enumerate(wanted):
            if stories and len(asking[at].excluded) == len(stories):
                said[at], asking[at] = one, asked(one, shown[at], stories)
        return stories, said, asking

    async def _earlier(self, lately: Sequence[Weighed], reader: ReaderId | None, now: datetime) -> list[Weighed]:
        """The stories that moved earlier, and not lately."""
        known = {each.story.id for each in lately}
        found = await self.stories.weighed(EARLIER, until=now, reader=reader, limit=_MOST_STORIES)
        return [each for each in found if each.story.id not in known][:_MOST_EARLIER]

    async def _tell(self, stories: Sequence[Weighed], language: str, style: Style, reader: ReaderId | None) -> None:
        lines = max(1, style.lines)
        new = [each for each in stories if self._told.get(each.story, language, lines) is None]
        found = await self.stories.told([(each.heat, each.story) for each in new], language, reader, lines)
        self._told.keep(found, language, lines)

    async def _items(
        self,
        wanted: Wanted,
        shown: Mapping[StoryId, Shown],
        picks: Sequence[Picked],
        now: datetime,
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
                    item = _item(wanted, weighed, pick, *told)
                    found.append(replace(item, days_ago=_days_ago(story, now)))
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


def _is_thin(asking: Asking, picks: Sequence[Picked]) -> bool:
    """Whether somebody gets fewer stories that they turn to than they want, and did not say what they want."""
    if asking.reader is None or asking.filled is None:
        return False
    return sum(not pick.far for _, pick in picks[: asking.length]) < asking.length


def _days_ago(story: Story, now: datetime) -> int:
    """Before how many days something came of it; 0 where that is lately."""
    ago = now - story.last_seen
    return 0 if ago <= LATELY else round(ago / timedelta(days=1))


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
