"""A day of a bot whose clock runs fast, and what it takes meanwhile: memory, open files, threads, disk.

`python -m tests.bot.soak FOLDER READERS FEEDS DAYS [PICTURE]` tells on standard error how far it is, and in the end as
JSON on standard output what came of it.

What serves is what `tidings serve` puts together, in this process, over real stores, indexes, encoders and children
that read feeds; people, Telegram and feeds are in another (see `world`). Only its time is made: a quarter of an hour is
over as soon as all that happened in it is dealt with, and rounds of reading, each with what is dropped after it, and
digests are begun by that clock instead of by the journal of rounds. A tenth of the readers ask three things a day, and
as often taps and reactions come; each reader has a digest a day, and a feed two articles.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time as real_time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import func, select

from bot import living
from bot.app import App, open_app
from bot.benchmarks.machine import disk_mb, memory_mb
from bot.benchmarks.playing import line, process
from bot.drawing.canvas import picture
from bot.messenger.incoming.events import Me
from bot.messenger.wire.bot_api import BotApi
from bot.messenger.wire.pace import Rates
from bot.room import room
from bot.serve import Serving, Talk
from bot.settings import Settings
from storage.digests import DigestStore
from storage.domain.changes import Wished
from storage.domain.digests import DigestSettings, Timetable
from storage.domain.news import Feed
from storage.domain.people import ReaderId
from storage.heap import share_heaps
from storage.room import taken
from storage.schema import inbox, outbox
from tests.bot_api.chats import BOT

STEP = timedelta(minutes=15)
READ_EVERY = 4
"""In how many steps the feeds are read once; after it is dropped what was dealt with long ago."""
A_DAY = timedelta(days=1)
PER_FEED = 2
ASKING, QUESTIONS = 0.1, 3
WARM = 0.25
"""The share of the run after which memory counts: by then is loaded what is loaded once, when it is first needed."""
_KEPT = timedelta(days=7)
"""As long as `serve` keeps what is dealt with."""
_STUCK_SECONDS = 600.0
_ENDLESS = 1e9


class Clock:
    """The present, which goes on by steps."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)

    def __call__(self) -> datetime:
        return self.now


class NoJournal:
    """Stands where the journal of rounds does, which knows the real time alone."""

    async def start(self) -> None:
        pass

    async def close(self) -> None:
        pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What it takes at an hour of the run, and what it has done until then.

    `waiting_mb` is the file of the write-ahead log, which is used again and again; `reckoned_mb` what database and
    indexes should take by what is in them.
    """

    hours: float
    memory_mb: float
    files: int
    threads: int
    database_mb: float
    waiting_mb: float
    indexes_mb: float
    reckoned_mb: float
    articles: int
    updates: int
    sent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A straight line through points: its slope, and the half width of its 95 % interval."""

    slope: float
    within: float


class Day:
    """A bot that lives through days."""

    def __init__(self, app: App, talk: Talk, world: asyncio.subprocess.Process, clock: Clock, readers: int) -> None:
        self._app, self._talk, self._world, self._clock, self._readers = app, talk, world, clock, readers
        self._began = clock.now
        self._given = 0
        self.samples: list[Sample] = []

    async def live(self, days: float) -> None:
        """Live through so many days, step by step."""
        steps = round(days * A_DAY / STEP)
        asked = self._readers * ASKING * QUESTIONS * days / steps
        for step in range(steps):
            self._clock.now += STEP
            # Of a share of a question a step, all of it now and then.
            say = int(asked * (step + 1)) - int(asked * step)
            await self._happen(say=say, tap=say, react=say)
            await self._settled()
            if step % READ_EVERY == 0:
                await self._talk._rounds.read()
                await self._talk.prune(_KEPT)
            await self._talk._rounds.digests()
            await self._settled()
            self.samples.append(await self._sample())
            sys.stderr.write(json.dumps(asdict(self.samples[-1])) + "\n")

    async def _happen(self, **what: int) -> None:
        assert self._world.stdin is not None
        given = {"now": self._clock.now.timestamp(), **what}
        self._world.stdin.write((json.dumps(given) + "\n").encode())
        await self._world.stdin.drain()
        self._given = int(await line(self._world, _STUCK_SECONDS))  # type: ignore[call-overload]

    async def _settled(self) -> None:
        """Wait until all updates are dealt with, and all that is enqueued is sent.

        Raises:
            TimeoutError: Something is stuck.
        """
        left, since = (-1, -1), real_time.monotonic()
        while left != (self._given, 0):
            await asyncio.sleep(0.1)
            now = (sum((await self.states("inbox")).values()), await self._open())
            if now != left:
                left, since = now, real_time.monotonic()
            elif real_time.monotonic() - since > _STUCK_SECONDS:
                raise TimeoutError(f"stuck with {now} of {self._given}")

    async def _open(self) -> int:
        waiting = Counter(await self.states("inbox")) + Counter(await self.states("outbox"))
        return waiting["pending"] + waiting["sending"]

    async def states(self, name: str) -> Mapping[str, int]:
        """How many updates, or messages, there are of each state."""
        table = {"inbox": inbox, "outbox": outbox}[name]
        async with self._app.database.reading() as connection:
            rows = await connection.execute(select(table.c.state, func.count()).group_by(table.c.state))
            return {str(state): int(number) for state, number in rows}

    async def _sample(self) -> Sample:
        home = self._app.settings.home
        found = await room(self._app.database, home)
        return Sample(
            hours=(self._clock.now - self._began) / timedelta(hours=1),
            memory_mb=memory_mb(),
            files=_entries("fd"),
            threads=_entries("task"),
            database_mb=round(await taken(self._app.database) / 1024**2, 2),
            waiting_mb=round((home / "tidings.db-wal").stat().st_size / 1024**2, 2),
            indexes_mb=disk_mb(home / "chroma") + disk_mb(home / "lexical"),
            reckoned_mb=round(sum(found.reckoned.values()) / 1024**2, 2),
            articles=(await self._app.articles.counts()).articles,
            updates=sum((await self.states("inbox")).values()),
            sent=sum((await self.states("outbox")).values()),
        )


async def soak(folder: Path, *, readers: int, feeds: int, days: float) -> tuple[list[Sample], Mapping[str, Any]]:
    """Live through so many days; the samples, and how updates and messages ended."""
    clock, articles = Clock(), max(1, round(feeds * PER_FEED * days))
    settings = Settings(home=folder / "home", allow_private_networks=True, ingest_every=60, feeds=_no_feeds(folder))
    spread = [str(each) for each in (articles, feeds, readers, clock.now.timestamp(), days * A_DAY.total_seconds())]
    async with (
        process(["-m", "tests.bot.world", *spread], {}, folder / "world.log") as world,
        open_app(settings, clock) as app,
    ):
        where = await line(world, _STUCK_SECONDS)
        await app.feeds.add([Feed(url=f"{where['feeds']}/feed/{number}") for number in range(feeds)])
        await _wish(app, readers, clock.now)
        api, arrived = BotApi(token=where["token"], base_url=where["url"]), asyncio.Event()
        how = Serving(
            token=where["token"], api_base_url=where["url"], journal_url=f"sqlite:///{folder / 'jobs.db'}",
            ingest_every=60, http_host="127.0.0.1", http_port=0,
            rates=Rates(overall=_ENDLESS, slowest=_ENDLESS, chat=_ENDLESS, group=_ENDLESS),
        )  # fmt: skip
        me = Me(id=BOT["id"], username=BOT["username"])
        talk = Talk(how=how, rooms=living.rooms_of(app, lambda _line: None), api=api, me=me, arrived=arrived)
        talk._jobs = NoJournal()  # type: ignore[assignment]
        day, stop = Day(app, talk, world, clock, readers), asyncio.Event()
        level = asyncio.create_task(living._level(app, lambda *_: None))
        beside = [asyncio.create_task(each) for each in (living._follow(app, level), living._finish_forgetting(app))]
        beside += [asyncio.create_task(living._keep_loaded(level)), asyncio.create_task(talk.run(None, stop))]
        try:
            await day.live(days)
            ends = {name: await day.states(name) for name in ("inbox", "outbox")}
        finally:
            stop.set()
            await beside.pop()
            await living._ended(level, *beside)
            await api.close()
    return day.samples, ends


async def _wish(app: App, readers: int, now: datetime) -> None:
    """Each reader wants a digest a day, at their own minute."""
    shelf = DigestStore(app.database)
    async with app.database.transaction() as within:
        for number in range(readers):
            minute = number * 24 * 60 // readers
            at = now.replace(hour=minute // 60, minute=minute % 60)
            settings = DigestSettings(
                reader=ReaderId(f"telegram:{number + 1}"),
                since=now,
                active=True,
                timetable=Timetable(times=(time(at.hour, at.minute),)),
            )
            wake_at = at if at > now else at + A_DAY
            await shelf.wish(Wished(settings=settings, at=now, wake_at=wake_at), within=within)


def _no_feeds(folder: Path) -> Path:
    file = folder / "none.opml"
    file.write_text('<opml version="2.0"><body><outline type="rss" xmlUrl="http://127.0.0.1:9/"/></body></opml>')
    return file


def _entries(of: str) -> int:
    """How many there are of what the system has for this process under that name."""
    return len(list(Path("/proc/self", of).iterdir()))


def regressed(hours: Sequence[float], values: Sequence[float]) -> Line:
    """The least-squares line through them."""
    x, y = np.asarray(hours) - np.mean(hours), np.asarray(values)
    slope = float(x @ y / (x @ x))
    left = y - y.mean() - slope * x
    error = float(np.sqrt(left @ left / max(1, len(x) - 2) / (x @ x)))
    return Line(slope=slope, within=1.96 * error)


def told(samples: Sequence[Sample], ends: Mapping[str, Any]) -> dict[str, Any]:
    """All that came of it, as it can be written as JSON."""
    warm = samples[int(len(samples) * WARM) :]
    memory = regressed([each.hours for each in warm], [each.memory_mb for each in warm])
    last = samples[-1]
    disk = last.database_mb + last.indexes_mb
    return {
        "hours": last.hours,
        "memory_mb": [warm[0].memory_mb, last.memory_mb],
        "memory_mb_an_hour": [round(memory.slope, 3), round(memory.within, 3)],
        "files": [warm[0].files, last.files, max(each.files for each in warm)],
        "threads": [warm[0].threads, last.threads, max(each.threads for each in warm)],
        "disk_mb": round(disk, 1),
        "disk_as_reckoned": round(last.reckoned_mb, 1),
        "waiting_mb": max(each.waiting_mb for each in warm),
        "articles": last.articles,
        "ends": ends,
    }


def draw(samples: Sequence[Sample], file: Path) -> None:
    """Memory, open files and threads over the hours; and disk, by a scale of its own, beside what is reckoned."""
    hours = [each.hours for each in samples]
    disk = [each.database_mb + each.indexes_mb for each in samples]
    reckoned = [each.reckoned_mb for each in samples]
    with picture(file, 7.2, 4.2, legend="center left") as axes:
        axes.plot(hours, [each.memory_mb for each in samples], color="#1f5fa8", linewidth=2, label="memory, MB")
        axes.plot(hours, [each.files for each in samples], color="#444444", linewidth=1, label="open files")
        axes.plot(hours, [each.threads for each in samples], color="#8a8a8a", linewidth=1, label="threads")
        axes.set(xlabel="hours of the bot's day", ylabel="memory, MB; files; threads", ylim=(0, None))
        beside = axes.twinx()
        beside.plot(hours, disk, color="#b3413a", linewidth=2)
        beside.plot(hours, reckoned, color="#b3413a", linestyle=":", linewidth=2)
        beside.set(ylabel="disk, MB", ylim=(0, 2 * max(disk)))
        beside.spines["top"].set_visible(False)
        for line_, label in (
            ("-", "database and indexes, MB (right)"),
            (":", "as reckoned by what is in them (right)"),
        ):
            axes.plot([], [], color="#b3413a", linestyle=line_, linewidth=2, label=label)


def main(given: Sequence[str]) -> int:
    """Live, and tell."""
    folder, readers, feeds, days = Path(given[0]), int(given[1]), int(given[2]), float(given[3])
    logging.disable(logging.INFO)
    share_heaps()
    samples, ends = asyncio.run(soak(folder, readers=readers, feeds=feeds, days=days))
    if len(given) > 4:
        draw(samples, Path(given[4]))
    sys.stdout.write(json.dumps({"cpu_seconds": round(real_time.process_time()), **told(samples, ends)}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
