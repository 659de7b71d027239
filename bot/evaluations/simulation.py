"""A simulated month: news come in by their times, invented readers get a digest each morning and act on it.

All of it goes through the flows that serve readers, in a scratch instance with a clock that follows the news. Each
reader is there once for every way that digests are chosen, each time with a profile of their own, which only what they
were shown that way has led to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

import numpy as np

from bot.app import App
from bot.evaluations.four_weeks import FourWeeks, Published
from bot.evaluations.invented import InventedReader
from bot.evaluations.peers import HotRanks, MeanRanks
from bot.flows.digest import Digests
from bot.flows.recommend import LATELY, Ranks
from bot.flows.schedule import next_slot
from bot.texts.reasons import why
from storage.digests import DigestStore
from storage.domain.digests import Digest, DigestItem, ReasonKind, Timetable
from storage.domain.evidence import EvidenceKind
from storage.domain.feedback import About, Thing
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.domain.progress import Progress

TOLD = "told"
"""What a reader wrote of themselves, among what they turn to."""

_WISH, _LANGUAGE = "every day at 7:30", "en"
# By then it is past that hour for every reader, and before it on the next day.
_BEGIN, _READ_AFTER, _DAY = timedelta(hours=18), timedelta(minutes=10), timedelta(days=1)
_MOST = 2_000
_LEAST = timedelta(microseconds=1)


class Way(StrEnum):
    """How digests are chosen."""

    OURS = "ours"
    HOT = "hot list"
    MEAN = "mean similarity"


@dataclass(slots=True)
class MovingClock:
    """Shows the time that it is set to."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """A digest and what was in it.

    Args:
        reader: The reader's name.
        day: From 0.
        wanted: Of each item, whether it is of what the reader reads by now.
        before: Of each item, whether it is of what they read at first.
        explored: How many items are shown for being outside of what they turn to.
        distance: One less the mean cosine of two items; `None` where there are not two.
        pool: Which share of the stories of that day that they had not seen is of what they read by now; `None` where
            there was none.
        possible: Which share of the items could have been.
        told: Of each item the title and why it is there.
    """

    reader: str
    way: Way
    day: int
    wanted: tuple[bool, ...]
    before: tuple[bool, ...]
    explored: int
    distance: float | None
    pool: float | None
    possible: float | None
    told: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What came of it.

    Args:
        days: How many.
        turn: The first, from 0, of the half in which who turns to something else does.
        mornings: In the order of time.
        interests: By reader, day by day what they turn to, by subject, and `TOLD`: what each weighs, in opened links.
    """

    days: int
    turn: int
    mornings: tuple[Morning, ...]
    interests: Mapping[str, Sequence[Mapping[str, float]]]


@dataclass(slots=True, kw_only=True)
class Simulation:
    """Lets a month go by.

    Args:
        app: A scratch instance that nothing is in, by `clock`.
        clock: Set to when it is.
        month: The news.
        readers: Who reads them.
        folder: Where files are put that come in.
        seed: What readers do by chance is drawn by.
    """

    app: App
    clock: MovingClock
    month: FourWeeks
    readers: Sequence[InventedReader]
    folder: Path
    seed: int = 0
    _ways: dict[Way, Digests] = field(default_factory=dict)
    _news: dict[ArticleId, Published] = field(default_factory=dict)
    _came: int = 0
    _mornings: list[Morning] = field(default_factory=list)
    _interests: dict[str, list[Mapping[str, float]]] = field(default_factory=dict)

    @property
    def turn(self) -> int:
        """The first day, from 0, of the half in which who turns to something else does."""
        return self.month.days // 2

    async def run(self, progress: Progress) -> Month:
        """What comes of it.

        Raises:
            EncoderUnavailable: The model cannot be loaded.
        """
        self._ways = self._flows()
        self._news = {ArticleId(each.id): each for each in self.month.news}
        self._interests = {reader.name: [] for reader in self.readers}
        self.clock.now = self.month.start + _BEGIN
        for way, digests in self._ways.items():
            for reader in self.readers:
                who = _id(way, reader)
                await self.app.learn.make(self.app.learn.to_tell(who, reader.says))
                await digests.wish(who, f"{_WISH} {reader.zone}", _LANGUAGE)
        timetables = {
            reader.name: (await self._ways[Way.OURS].settings(_id(Way.OURS, reader), _LANGUAGE)).timetable
            for reader in self.readers
        }
        for done in range(1, self.month.days * len(self.readers) + 1):
            reader, at = min(
                ((each, self._next(each, timetables[each.name])) for each in self.readers), key=lambda due: due[1]
            )
            await self._morning(reader, at, progress)
            progress("mornings", done, self.month.days * len(self.readers))
        return Month(days=self.month.days, turn=self.turn, mornings=tuple(self._mornings), interests=self._interests)

    def _flows(self) -> dict[Way, Digests]:
        app = self.app
        peers: dict[Way, Ranks] = {
            Way.HOT: HotRanks(),
            Way.MEAN: MeanRanks(profiles=app.profiles, corpus=app.articles, spaces=app.spaces),
        }
        return {Way.OURS: app.digests} | {
            way: replace(app.digests, recommend=replace(app.recommend, ranks=ranks)) for way, ranks in peers.items()
        }

    def _next(self, reader: InventedReader, timetable: Timetable) -> datetime:
        """When this reader's next digest comes: one a day from the first on."""
        days = len(self._interests[reader.name])
        return next_slot(timetable, self.month.start + _BEGIN + days * _DAY).at

    async def _morning(self, reader: InventedReader, at: datetime, progress: Progress) -> None:
        """What a reader is shown, every way, and what they do about it."""
        self.clock.now = at
        await self._come(progress)
        day = len(self._interests[reader.name])
        shown: dict[Way, Digest] = {}
        for way, digests in self._ways.items():
            unseen = await self._unseen(_id(way, reader), reader, turned=day >= self.turn)
            digest = await digests.due_for(_id(way, reader))
            if digest is not None:
                shown[way] = digest
                self._mornings.append(await self._measured(reader, way, day, digest, unseen))
        self.clock.now = at + _READ_AFTER
        for way, digest in shown.items():
            await self._act(reader, way, day, digest)
        self._interests[reader.name].append(await self._turned_to(_id(Way.OURS, reader)))

    async def _come(self, progress: Progress) -> None:
        """All that was published by now comes in."""
        before = self._came
        while self._came < len(self.month.news) and self.month.news[self._came].at <= self.clock.now:
            self._came += 1
        if self._came == before:
            return
        path = self.folder / "came.jsonl"
        path.write_text("\n".join(each.line for each in self.month.news[before : self._came]), encoding="utf-8")

        def told(what: str, _done: int, _of: int | None) -> None:
            progress(what, self._came, len(self.month.news))

        await self.app.ingest.files([path], told)

    async def _unseen(self, who: ReaderId, reader: InventedReader, *, turned: bool) -> list[bool]:
        """Of each story of the time that they were not shown, whether it is of what they read."""
        now = self.clock.now
        stories = await self.app.hot.weighed(LATELY, until=now + _LEAST, reader=who, limit=_MOST)
        seen = await DigestStore(self.app.database).shown([who], self.month.start)
        known = {each.story for each in seen.get(who, ())}
        return [
            self._holds(reader, each.story.reports[-1].headline.id, turned=turned)
            for each in stories
            if each.story.id not in known
        ]

    async def _measured(
        self, reader: InventedReader, way: Way, day: int, digest: Digest, unseen: Sequence[bool]
    ) -> Morning:
        leads = [item.lead.id for item in digest.items]
        return Morning(
            reader=reader.name,
            way=way,
            day=day,
            wanted=tuple(self._holds(reader, id_, turned=day >= self.turn) for id_ in leads),
            before=tuple(self._holds(reader, id_, turned=False) for id_ in leads),
            explored=sum(item.because[0].kind is ReasonKind.EXPLORING for item in digest.items),
            distance=await self._distance(leads),
            pool=sum(unseen) / len(unseen) if unseen else None,
            possible=min(1.0, sum(unseen) / len(leads)) if leads else None,
            told=tuple((item.title, why(item, _LANGUAGE)) for item in digest.items),
        )

    def _holds(self, reader: InventedReader, id_: ArticleId, *, turned: bool) -> bool:
        about = self._news[id_]
        return reader.reads(turned=turned).holds(about.title, about.category)

    async def _distance(self, ids: Sequence[ArticleId]) -> float | None:
        openings = await self.app.articles.openings(ids, 1, None)
        name = (await self.app.spaces.current()).encoder.name
        stored = await self.app.articles.vectors(name, [each.id for each in openings])
        n = len(stored)
        if n <= 1:
            return None
        vectors = np.stack(list(stored.values())).astype(np.float64)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return float(1 - ((vectors @ vectors.T).sum() - n) / (n * (n - 1)))

    async def _act(self, reader: InventedReader, way: Way, day: int, digest: Digest) -> None:
        who = _id(way, reader)
        about = (
            About(
                ref=f"{way} {reader.name} {day}",
                reader=who,
                language=_LANGUAGE,
                things=tuple(map(_thing, digest.items)),
            )
            if digest.items
            else None
        )
        for number, item in enumerate(digest.items, start=1):
            lead = self._news[item.lead.id]
            for kind in reader.does(lead.id, lead.title, lead.category, turned=day >= self.turn, seed=self.seed):
                if kind is EvidenceKind.OPENED:
                    await self.app.learn.opened(who, item.lead.id)
                elif about is not None:
                    for change in (await self.app.feedback.tapped(who, about, number, kind)).changes:
                        await self.app.learn.make(change)

    async def _turned_to(self, who: ReaderId) -> dict[str, float]:
        profile = (await self.app.profiles.of([who], self.clock.now))[who]
        told = {TOLD: sum(each.mass for each in profile.told)}
        return told | {name: tally.liked for name, tally in profile.subjects.items() if tally.liked > 0}


def _id(way: Way, reader: InventedReader) -> ReaderId:
    return ReaderId(f"{way}: {reader.name}")


def _thing(item: DigestItem) -> Thing:
    return Thing(articles=item.articles, story=item.story)
