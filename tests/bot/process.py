"""The Telegram side as a process of its own: real stores, flows and journal in a folder; an engine that echoes.

`python -m tests.bot.process FOLDER API_URL [key=value of Serving …]`, and besides:

    admins=N,…          who its operators are
    database=URL        a PostgreSQL that it shares with others, instead of a file in the folder
    role=NAME           what it does of serving
    lasts=SECONDS       how long it is believed to be there after it said so
    rate=N              messages a second at most, to one chat too
    kill_before=N       as kill -9, just before its N-th commit to any database, counted from 1
    kill_after=N        just after it
    full=yes            there are hot stories, and something is known of everybody
    clock=FILE          by a clock that is so many seconds ahead as the file says by then
    faults=SHARE        of what it asks of its database, index and model that fails; `seed=N` decides which
    wait_for=FILE       before it settles a digest, once each is decided on; it makes `decided-PID` beside that file
"""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from sqlalchemy.engine.default import DefaultDialect

import bot.messenger.wire.leases
import storage.leases
from bot import logs
from bot.console import warn
from bot.drawing.pictures import Pictures
from bot.flows.asking import Wanted
from bot.flows.converse import Converse
from bot.flows.digest import Digests
from bot.flows.evidence import of_telling
from bot.flows.feedback import Feedback
from bot.flows.ports import Gather
from bot.flows.sources import Sources
from bot.flows.subjects import Subjects
from bot.flows.undoing import said_last, undone
from bot.jobs import journal_url
from bot.loops import quick_loop
from bot.messenger.operators.gate import Rules
from bot.messenger.operators.names import people
from bot.messenger.panels.board import Panels
from bot.messenger.panels.settings import SettingsPanel
from bot.messenger.panels.welcome import Welcome
from bot.messenger.paragraphs.notices import READERS, digest_messages
from bot.messenger.wire.pace import Rates
from bot.personal.own_data import OwnData
from bot.roles import Role
from bot.serve import Rooms, Serving, Together, serve_until_signalled
from generation.engines.grounded import GroundedEngine
from storage.articles import ArticleStore
from storage.database import Database
from storage.dialogues import DialogueStore
from storage.digests import KEPT, DigestStore
from storage.domain.changes import Learned
from storage.domain.digests import Digest
from storage.domain.interests import Interests, Undone
from storage.domain.people import ReaderId
from storage.domain.times import Clock
from storage.errors import TidingsError
from storage.evidence import EvidenceStore
from storage.feeds import FeedStore
from storage.inbox import InboxStore
from storage.leases import LeaseStore
from storage.outbox import OutboxStore
from storage.paces import PaceStore
from storage.reader_settings import ReaderSettingsStore
from storage.readers import ReaderStore
from storage.shown import ShownMessageStore
from tests.bot.faulty import FailingModel, FailingSearch, Lot, failing_database
from tests.bot.flows import AnyFeed, EchoEngine, Finder, Lists, Nowhere, nothing_new, some_article
from tests.bot_api.server import TOKEN
from tests.digests import FixedRecommend, item
from tests.given import summarize
from tests.hot import Follows, HotList, OnePage, hot_story
from tests.interests import Learner, interest
from tests.operating import operating

_USUAL = tuple(
    item(number, title) for number, title in enumerate(("Ferries ordered", "Dam opened", "Chips sold"), start=1)
)
_LONG = tuple(item(number, f"Story {number}: " + "word " * 30) for number in range(4, 16))
ITEMS = (*_USUAL, *(replace(each, gist=replace(each.gist, lines=each.gist.lines * 4)) for each in _LONG))
"""What digests are of. One of the shortest is one message, one of the longest is two."""


class Learning(Learner):
    """Takes down what is told, and takes back what is kept."""

    def __init__(self, shelf: EvidenceStore, clock: Clock, known: Interests) -> None:
        super().__init__(known)
        self.shelf, self.clock = shelf, clock

    def to_tell(self, reader: ReaderId, text: str) -> Learned:
        return Learned(evidence=of_telling(reader, text, self.clock()))

    async def to_undo(self, reader: ReaderId) -> Undone:
        return undone(reader, said_last(await self.shelf.of(reader), self.clock()), {}, ())


_HOT = (hot_story(), hot_story(129, "Dam opened", "The dam was opened."))
_KNOWN = Interests(
    liked=(interest("ferries", line="Who builds ferries?"), interest("chips", number=2)),
    muted=(interest("sport", number=3),),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommend(FixedRecommend):
    """Makes digests of `ITEMS`, and hands them over when `wait_for` is there."""

    wait_for: Path | None

    async def digests(self, wanted: Sequence[Wanted], now: datetime) -> Sequence[Digest]:
        if self.wait_for is not None:
            self.wait_for.with_name(f"decided-{os.getpid()}").touch()
            while not self.wait_for.exists():  # noqa: ASYNC110 - another process makes it
                await asyncio.sleep(0.01)
        return await FixedRecommend.digests(self, wanted, now)


def die(number: int, *, after: bool) -> None:
    """End as kill -9 does at the commit of that number, just before it or just after."""
    commit, numbers = DefaultDialect.do_commit, itertools.count(1)

    def counted(dialect: DefaultDialect, connection: Any) -> None:
        last = next(numbers) == number
        if last and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        commit(dialect, connection)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)

    DefaultDialect.do_commit = counted  # type: ignore[method-assign]


def utc_now() -> datetime:
    """The present."""
    return datetime.now(UTC)


def rooms(
    database: Database,
    folder: Path,
    *,
    clock: Clock = utc_now,
    wait_for: Path | None = None,
    full: bool = False,
    lot: Lot | None = None,
) -> Rooms:
    """What the process serves from: an instance's own stores, over flows that answer without reading anything.

    Args:
        database: The instance's, which is closed by whoever opened it.
        folder: What else is kept of it.
        clock: The present, to everything but the journal.
        wait_for: What must be there before digests are settled.
        full: Whether there are hot stories, and something is known of everybody.
        lot: Decides which searches and answers fail, where any do.
    """

    async def nothing() -> None:
        pass

    async def nobody() -> int:
        return 0

    shelf = DigestStore(database)
    digests = Digests(
        shelf=shelf,
        acts=EvidenceStore(database),
        recommend=Recommend(items=ITEMS, wait_for=wait_for),
        sources=ArticleStore(database).sources_like,
        zone="UTC",
        clock=clock,
    )

    async def digest() -> int:
        return await digests.send(READERS, digest_messages)

    async def forget(before: datetime) -> None:
        await shelf.prune(before - KEPT)

    async def ready() -> dict[str, bool]:
        return {"database": True}

    converse = Converse(
        search=Nowhere() if lot is None else FailingSearch(lot),
        engine=EchoEngine() if lot is None else GroundedEngine(model=FailingModel(lot)),
        latest=nothing_new(),
        rewrite=lambda text, _history: text,
        detect=lambda _text: None,
        dialogues=DialogueStore(database),
        clock=clock,
    )
    return Rooms(
        converse=converse,
        latest=converse.latest,
        hot=HotList(_HOT if full else ()),
        find=Finder(),
        briefs=OnePage(),
        digests=digests,
        follows=Follows(),
        learn=Learning(EvidenceStore(database), clock, _KNOWN if full else Interests()),
        sources=Sources(feeds=FeedStore(database), gather=cast(Gather, AnyFeed())),
        lists=Lists(),
        feedback=Feedback(shelf=EvidenceStore(database), clock=clock),
        summarize=summarize(),
        article=some_article,
        own_data=OwnData(
            shelf=ReaderStore(database), learn=Learner(), sources=FeedStore(database), home=folder, clock=clock
        ),
        panels=Panels(
            welcome=Welcome(digests=digests, subjects=Subjects(shelf=EvidenceStore(database), clock=clock)),
            settings=SettingsPanel(digests=digests, clock=clock),
        ),
        ingest=nothing,
        notify=nobody,
        alert=nobody,
        digest=digest,
        forget_shown=forget,
        inbox=InboxStore(database),
        outbox=OutboxStore(database),
        shown=ShownMessageStore(database),
        readers=ReaderSettingsStore(database),
        operating=operating(database),
        draw=Pictures(deadline_seconds=60),
        ready=ready,
        tell=warn,
        clock=clock,
    )


async def main(folder: Path, api_url: str, *given: str) -> int:
    settings = dict(one.split("=", 1) for one in given)
    token = settings.get("token", TOKEN)
    logs.configure(settings.get("log_level", "DEBUG"), [token])
    for name in settings.keys() & {"kill_before", "kill_after"}:
        die(int(settings[name]), after=name == "kill_after")
    lot = Lot(float(settings["faults"]), int(settings.get("seed", "0"))) if "faults" in settings else None
    server = settings.get("database")
    if "lasts" in settings:
        _believe(float(settings["lasts"]))
    url = server or f"sqlite:///{folder / 'tidings.db'}"
    database, heart = Database(url), Database(url)
    name = f"{os.getpid()}-{uuid4().hex[:8]}"
    together = (
        Together(name=name, shelf=LeaseStore(database, name, heart), turns=PaceStore(database)) if server else None
    )
    try:
        await database.migrate()
        if lot is not None:
            failing_database(lot)
        await serve_until_signalled(
            Serving(
                token=token,
                api_base_url=api_url,
                journal_url=journal_url(folder, server),
                role=Role(settings.get("role", Role.ALL)),
                ingest_every=15,
                http_host="127.0.0.1",
                http_port=int(settings.get("http_port", "0")),
                webhook_url=settings.get("webhook_url"),
                webhook_secret=settings.get("webhook_secret"),
                rules=Rules(admins=people(settings.get("admins", ""))),
                rates=_rates(float(settings["rate"])) if "rate" in settings else None,
            ),
            replace(
                rooms(
                    database,
                    folder,
                    clock=by_file(Path(settings["clock"])) if "clock" in settings else utc_now,
                    wait_for=Path(settings["wait_for"]) if "wait_for" in settings else None,
                    full="full" in settings,
                    lot=lot,
                ),
                together=together,
            ),
        )
    except TidingsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        await heart.close()
        await database.close()
    return 0


def by_file(path: Path) -> Clock:
    """A clock that is so many seconds ahead as the file says."""
    return lambda: datetime.now(UTC) + timedelta(seconds=float(path.read_text(encoding="ascii")))


def _believe(seconds: float) -> None:
    storage.leases.LASTS = timedelta(seconds=seconds)
    bot.messenger.wire.leases.TRUSTED_SECONDS = 0.8 * seconds
    bot.messenger.wire.leases.BEAT_SECONDS = 0.2 * seconds


def _rates(most: float) -> Rates:
    return Rates(overall=most, slowest=most / 10, chat=most, group=most)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=quick_loop) as runner:
        sys.exit(runner.run(main(Path(sys.argv[1]), *sys.argv[2:])))
