"""`tidings serve`: the Telegram side, put together from flows and stores that are already built.

Starts with what an earlier process left, ends within a few seconds of being asked, and loses nothing between.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NoReturn, TypeVar
from urllib.parse import urlsplit

from bot.jobs import Jobs, Work
from bot.messenger.answers.flows import (
    Briefs,
    Converse,
    Digests,
    Draws,
    FeedLists,
    Finds,
    Follows,
    Hot,
    Latest,
    Sources,
    Summarize,
)
from bot.messenger.answers.groups import Groups
from bot.messenger.answers.handlers import Handlers
from bot.messenger.answers.taps import Reacts, Taps
from bot.messenger.compose import Composer, cause
from bot.messenger.incoming.events import Me
from bot.messenger.operators.admins import Admins
from bot.messenger.operators.errors import Reports
from bot.messenger.operators.gate import Rules
from bot.messenger.operators.menu import introduce
from bot.messenger.operators.operating import Operating, gated
from bot.messenger.operators.spreading import Spreading
from bot.messenger.operators.unasked import Unasked
from bot.messenger.panels.board import Panels
from bot.messenger.ports import Inbox, Outbox, Readers, ShownMessages
from bot.messenger.wire.bot_api import BotApi
from bot.messenger.wire.downloads import Downloads
from bot.messenger.wire.lanes import Lanes, Limits
from bot.messenger.wire.leases import Alone, Leases, Shelf, alone
from bot.messenger.wire.line import who_it_is
from bot.messenger.wire.outbox import Sender
from bot.messenger.wire.pace import Pace, Rates, SharedPace, Turns
from bot.messenger.wire.presence import Presence
from bot.messenger.wire.receiving import WEBHOOK_PATH, Receiving, webhook_address
from bot.messenger.wire.updates import Webhook
from bot.patience import patiently
from bot.ports import OwnData, Steers
from bot.roles import Role
from bot.server import HttpServer, Metrics, application
from storage.domain.deliveries import BREAKING, DIGEST, NOTICE
from storage.domain.times import Clock
from storage.errors import StorageError, TidingsError
from storage.heap import give_back

T = TypeVar("T")

_LOG = logging.getLogger(__name__)
_LIMITS = Limits()
_GRACE_SECONDS = 6.0
"""What is being answered may take this long to end when the process is asked to."""
_LAST_SECONDS = 2.0
"""And what is being sent, so long: of what is cut off it is unknown whether it went."""
_SHOWN_FOR = timedelta(days=30)
"""How long it is kept what messages tell of: people react to what was sent them last month, and hardly later."""
_LOOK_SECONDS = 0.25
"""How soon a process sees what another one brought in."""
_READING = "reading"
"""A round of which only one process makes at a time, as the digests of a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """How to serve.

    Args:
        token: The bot's.
        api_base_url: Root of the Bot API server.
        journal_url: Where unfinished rounds are recorded; see `bot.jobs.journal_url`.
        ingest_every: Minutes between two rounds of reading the feeds.
        webhook_url: Where Telegram reaches this instance; `None` is long polling. Its path, if it has one, is where
            calls are taken; otherwise `/telegram/webhook` is added.
        webhook_secret: What Telegram repeats with each call.
        rates: How fast messages leave; `None` is as Telegram wants it.
        rules: Who may use it, and how much.
        role: What this process does of it.
    """

    token: str = field(repr=False)
    api_base_url: str
    journal_url: str
    ingest_every: int
    http_host: str
    http_port: int
    webhook_url: str | None = None
    webhook_secret: str | None = field(default=None, repr=False)
    rates: Rates | None = None
    rules: Rules = field(default_factory=Rules)
    role: Role = Role.ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """What several processes share, beside the stores.

    Args:
        name: This process's, which no other has or ever had.
    """

    name: str
    shelf: Shelf
    turns: Turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """What serving stands on.

    Args:
        ingest: One round of reading the feeds.
        notify: Enqueues what is new of what readers follow; how many updates that were.
        alert: Enqueues the news that break for those who want them at once; how many that were.
        digest: Enqueues the digests that are due; how many that were.
        forget_shown: Drops what was shown so long ago that nobody asks for it, as of a time.
        ready: What the instance stands on, by name, and whether each can be used now.
        tell: Takes a line for whoever started this.
        together: Where other processes may serve with this one; else it is the only one.
        metrics: What is told of this process to whoever watches it; `None` is nothing.
    """

    converse: Converse
    latest: Latest
    hot: Hot
    find: Finds
    briefs: Briefs
    digests: Digests
    follows: Follows
    learn: Steers
    sources: Sources
    lists: FeedLists
    feedback: Reacts
    panels: Panels
    own_data: OwnData
    summarize: Summarize
    ingest: Callable[[], Awaitable[None]]
    notify: Callable[[], Awaitable[int]]
    alert: Callable[[], Awaitable[int]]
    digest: Callable[[], Awaitable[int]]
    forget_shown: Callable[[datetime], Awaitable[None]]
    inbox: Inbox
    outbox: Outbox
    shown: ShownMessages
    readers: Readers
    operating: Operating
    draw: Draws
    ready: Callable[[], Awaitable[Mapping[str, bool]]]
    tell: Callable[[str], None]
    clock: Clock
    together: Together | None = None
    metrics: Metrics | None = None


async def serve(how: Serving, rooms: Rooms, stop: asyncio.Event) -> None:
    """Serve until `stop` is set.

    Raises:
        SettingsError: The token, the webhook or the port cannot be used, or another process has them.
    """
    address = webhook_address(how.webhook_url, how.webhook_secret)
    api = BotApi(token=how.token, base_url=how.api_base_url)
    arrived, introduced = asyncio.Event(), asyncio.Event()

    async def ready() -> Mapping[str, bool]:
        return {**await rooms.ready(), "telegram": introduced.is_set()}

    try:
        http = HttpServer(
            application(
                ready=ready,
                webhook=None if address is None or not how.role.receives else _webhook(how, rooms, arrived),
                webhook_path=WEBHOOK_PATH if address is None else urlsplit(address).path,
                metrics=rooms.metrics,
            ),
            host=how.http_host,
            port=how.http_port,
        )
        _LOG.info("listening", extra={"host": how.http_host, "port": http.port})
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(http.run(), name="http")
            health = _health(how.http_host, http.port)
            me = await _unless(
                stop, who_it_is(api, lambda: rooms.tell(f"waiting for Telegram, which does not answer; {health}"))
            )
            if me is not None:
                introduced.set()
                rooms.tell(f"serving @{me.username}; {health}")
                await _Talk(how=how, rooms=rooms, api=api, me=me, arrived=arrived).run(address, stop)
            http.stop()
    except BaseExceptionGroup as errors:
        raise _first(errors) from None
    finally:
        await api.close()


async def serve_until_signalled(how: Serving, rooms: Rooms) -> None:
    """`serve` until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(how, rooms, stop)


class _Talk:
    """The conversation with Telegram: what receives, what answers, what sends."""

    def __init__(self, *, how: Serving, rooms: Rooms, api: BotApi, me: Me, arrived: asyncio.Event) -> None:
        self._rooms, self._api, self._arrived, self._role = rooms, api, arrived, how.role
        together = rooms.together
        self._shared = None if together is None else Leases(together.shelf)
        self._leases = self._shared or Alone()
        pace = Pace(how.rates) if together is None else SharedPace(together.turns, how.rates)
        self._sender = Sender(outbox=rooms.outbox, api=api, pace=pace, leases=self._leases, clock=rooms.clock)
        self._presence = Presence(
            api=api, pace=pace, outbox=rooms.outbox, deliver=self._sender.deliver, clock=rooms.clock
        )
        handlers = Handlers(
            converse=rooms.converse,
            latest=rooms.latest,
            hot=rooms.hot,
            find=rooms.find,
            briefs=rooms.briefs,
            digests=rooms.digests,
            follows=rooms.follows,
            learn=rooms.learn,
            sources=rooms.sources,
            lists=rooms.lists,
            taps=Taps(messages=rooms.shown, feedback=rooms.feedback),
            panels=rooms.panels,
            groups=Groups(admins=Admins(api)),
            own_data=rooms.own_data,
            draw=rooms.draw,
            summarize=rooms.summarize,
            files=Downloads(api=api),
            writing=self._presence.writing,
            clock=rooms.clock,
        )
        gate = gated(rooms.operating, how.rules, rooms.clock)
        self._composer = Composer(
            inbox=rooms.inbox, readers=rooms.readers, gate=gate, handlers=handlers, me=me, clock=rooms.clock
        )
        work = Work(ingest=self._round, digest=self._digests, prune=self._prune, ingest_every=how.ingest_every)
        self._jobs = Jobs(work, database_url=how.journal_url, worker="tidings" if together is None else together.name)
        self._lanes = Lanes(
            inbox=rooms.inbox,
            handle=self._handle,
            give_up=self._give_up,
            arrived=arrived,
            leases=self._leases,
            owner=None if together is None else together.name,
            limits=_LIMITS,
        )
        self._looked = asyncio.Event()
        self._enqueued = {prefix: asyncio.Event() for prefix in (NOTICE, DIGEST, BREAKING)}
        self._spreading = Spreading(
            broadcasts=rooms.operating.broadcasts, outbox=rooms.outbox, deliver=self._sender.deliver, clock=rooms.clock
        )
        self._unasked = Unasked(
            counts=rooms.operating.counts,
            measured=rooms.operating.measured,
            budgets=how.rules.budgets,
            clock=rooms.clock,
        )
        self._reports = Reports(
            admins=how.rules.admins,
            readers=rooms.readers,
            enqueue=rooms.operating.enqueue,
            deliver=self._sender.deliver if how.role.sends else _left_to_who_sends,
            clock=rooms.clock,
        )
        self._receives = Receiving(
            api=api,
            inbox=rooms.inbox,
            clock=rooms.clock,
            arrived=arrived.set,
            leases=self._leases,
            secret=how.webhook_secret,
        )
        self._admins = how.rules.admins
        self._begun: Sequence[int] = ()

    async def run(self, webhook_url: str | None, stop: asyncio.Event) -> None:
        """Talk until `stop`, then let what has begun end."""
        role = self._role
        if self._shared is not None:
            await patiently(self._shared.begin)
        await self._sweep()
        if self._shared is None:
            await patiently(self._sender.resume)
        try:
            await self._begin()
            async with asyncio.TaskGroup() as tasks:
                beating = [] if self._shared is None else [tasks.create_task(self._shared.run(), name="leases")]
                lanes = tasks.create_task(self._lanes.run(), name="lanes") if role.answers else None
                reports = tasks.create_task(self._reports.run(), name="reports")
                others = [reports, *self._sending(tasks), *self._receiving(tasks, webhook_url)]
                if self._shared is not None:
                    others.append(tasks.create_task(self._look_about(), name="look about"))
                await stop.wait()
                for task in others:
                    task.cancel()
                self._lanes.stop()
                if lanes is not None and (await asyncio.wait([lanes], timeout=_GRACE_SECONDS))[1]:
                    lanes.cancel()
                for task in beating:
                    task.cancel()
        finally:
            await self._sender.close(_LAST_SECONDS)
            await self._presence.close()
            if role.reads:
                await self._jobs.close()
            if self._shared is not None:
                await self._shared.close()
            # Who ends in good order was ended by none of them. A kill comes to no such line.
            with contextlib.suppress(StorageError):
                await self._rooms.inbox.spared(self._begun)

    async def _begin(self) -> None:
        """What fails here fails before anything is counted as begun."""
        if self._role.reads:
            await self._jobs.start()
        if self._shared is None:
            self._begun = await patiently(lambda: self._rooms.inbox.left(_LIMITS.at_once))

    def _receiving(self, tasks: asyncio.TaskGroup, webhook_url: str | None) -> list[asyncio.Task[None]]:
        if not self._role.receives:
            return []
        tasks.create_task(introduce(self._api, self._admins), name="menu")
        return [tasks.create_task(self._receives.run(webhook_url), name="receive")]

    def _sending(self, tasks: asyncio.TaskGroup) -> list[asyncio.Task[None]]:
        if not self._role.sends:
            return []
        return [
            tasks.create_task(self._send_leftovers(), name="leftovers"),
            *(tasks.create_task(self._send_on(prefix), name=prefix) for prefix in self._enqueued),
            tasks.create_task(self._spreading.run(), name="broadcasts"),
        ]

    async def _look_about(self) -> NoReturn:
        """Look now and then for what other processes bring in, and for what they left."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            self._arrived.set()
            if self._role.sends:
                await self._sweep()
                self._looked.set()

    async def _send_leftovers(self) -> NoReturn:
        """Send what is there at the start, and what others leave: beside looking, which waits for none of it."""
        while True:
            self._looked.clear()
            await patiently(self._sender.deliver)
            await self._looked.wait()

    async def _sweep(self) -> None:
        left = await patiently(self._rooms.outbox.sweep)
        if left:
            _LOG.warning("messages whose sending was cut short", extra={"count": left})

    async def _round(self) -> None:
        await alone(self._leases, _READING, self._read)

    async def _digests(self) -> None:
        await alone(self._leases, DIGEST, lambda: self._enqueue(DIGEST, self._rooms.digest))

    async def _read(self) -> None:
        """Read the feeds, and enqueue what breaks and what is new of what readers follow.

        What that lacks, the next round makes up.
        """
        await self._rooms.ingest()
        await self._enqueue(NOTICE, self._rooms.notify)
        await self._enqueue(BREAKING, self._rooms.alert)

    async def _enqueue(self, prefix: str, make: Callable[[], Awaitable[int]]) -> None:
        try:
            await self._unasked.made(make)
        except TidingsError as error:
            _LOG.warning("not all enqueued", extra={"what": prefix, "reason": str(error)})
        finally:
            # What was enqueued before something failed goes out, too.
            self._enqueued[prefix].set()

    async def _send_on(self, prefix: str) -> None:
        """Send what is enqueued unasked, beside those who enqueue it; what is left over, the next start."""
        while True:
            await self._enqueued[prefix].wait()
            self._enqueued[prefix].clear()
            await patiently(lambda: self._sender.deliver(prefix))

    async def _handle(self, update_id: int) -> None:
        """Deal with an update to its end: answered and sent. What of that is done is not done again."""
        await self._composer.compose(update_id)
        await self._sender.deliver(cause(update_id), whole=True)

    async def _give_up(self, update_id: int) -> None:
        await self._composer.give_up(update_id)
        await self._sender.deliver(cause(update_id), whole=True)

    async def _prune(self, kept: timedelta) -> None:
        before = self._rooms.clock() - kept
        await self._rooms.inbox.prune(before)
        await self._rooms.outbox.prune(before)
        await self._rooms.forget_shown(self._rooms.clock())
        await self._rooms.shown.prune(self._rooms.clock() - _SHOWN_FOR)
        await asyncio.to_thread(give_back)


async def _left_to_who_sends(_prefix: str) -> None:
    """What is enqueued is found by a process that sends."""


def _health(host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"health is on http://{shown}:{port}/healthz, TIDINGS_LOG_LEVEL=INFO says more, Ctrl-C stops it"


def _webhook(how: Serving, rooms: Rooms, arrived: asyncio.Event) -> Webhook:
    return Webhook(secret=how.webhook_secret or "", inbox=rooms.inbox, clock=rooms.clock, arrived=arrived.set)


async def _unless(stop: asyncio.Event, coroutine: Coroutine[None, None, T]) -> T | None:
    """What `coroutine` gives, or `None` if `stop` is set first."""
    work, stopped = asyncio.ensure_future(coroutine), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
        return work.result() if work.done() else None
    finally:
        work.cancel()
        stopped.cancel()


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """The one error to show: one that Tidings foresaw where there is one."""
    foreseen = errors.subgroup(TidingsError)
    error: BaseException = foreseen or errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
