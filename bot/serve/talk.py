"""The conversation with Telegram, put together: what receives, what answers, what sends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import timedelta
from typing import NoReturn

from bot.jobs import Jobs, Work
from bot.messenger.answers.groups import Groups
from bot.messenger.answers.handlers import Handlers
from bot.messenger.answers.taps import Taps
from bot.messenger.compose import Composer, cause
from bot.messenger.incoming.events import Me
from bot.messenger.operators.admins import Admins
from bot.messenger.operators.errors import Reports
from bot.messenger.operators.menu import introduce
from bot.messenger.operators.operating import gated
from bot.messenger.wire.bot_api import BotApi
from bot.messenger.wire.downloads import Downloads
from bot.messenger.wire.lanes import Lanes, Limits
from bot.messenger.wire.leases import Alone, Leases
from bot.messenger.wire.outbox import Sender
from bot.messenger.wire.pace import Pace, SharedPace
from bot.messenger.wire.presence import Presence
from bot.messenger.wire.receiving import Receiving
from bot.patience import patiently
from bot.serve.rooms import Rooms, Serving
from bot.serve.rounds import Rounds
from storage.errors import StorageError
from storage.heap import give_back

_LIMITS = Limits()
_GRACE_SECONDS = 6.0
"""What is being answered may take this long to end when the process is asked to."""
_LAST_SECONDS = 2.0
"""And what is being sent, so long: of what is cut off it is unknown whether it went."""
_SHOWN_FOR = timedelta(days=30)
"""How long it is kept what messages tell of: people react to what was sent them last month, and hardly later."""
_LOOK_SECONDS = 0.25
"""How soon a process sees what another one brought in."""


class Talk:
    """The conversation with Telegram: what receives, what answers, what sends."""

    def __init__(self, *, how: Serving, rooms: Rooms, api: BotApi, me: Me, arrived: asyncio.Event) -> None:
        self._rooms, self._api, self._arrived, self._role = rooms, api, arrived, how.role
        together = rooms.together
        self._shared = None if together is None else Leases(together.shelf)
        self._leases = self._shared or Alone()
        pace = Pace(how.rates) if together is None else SharedPace(together.turns, how.rates)
        self.sender = Sender(outbox=rooms.outbox, api=api, pace=pace, leases=self._leases, clock=rooms.clock)
        self.presence = Presence(
            api=api, pace=pace, outbox=rooms.outbox, deliver=self.sender.deliver, clock=rooms.clock
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
            article=rooms.article,
            writing=self.presence.writing,
            clock=rooms.clock,
        )
        gate = gated(rooms.operating, how.rules, rooms.clock)
        self.composer = Composer(
            inbox=rooms.inbox, readers=rooms.readers, gate=gate, handlers=handlers, me=me, clock=rooms.clock
        )
        self._rounds = Rounds(rooms, self.sender, self._leases, how.rules.budgets)
        work = Work(
            ingest=self._rounds.read, digest=self._rounds.digests, prune=self.prune, ingest_every=how.ingest_every
        )
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
        self._reports = Reports(
            admins=how.rules.admins,
            readers=rooms.readers,
            enqueue=rooms.operating.enqueue,
            deliver=self.sender.deliver if how.role.sends else _left_to_who_sends,
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
        await self._rounds.sweep()
        if self._shared is None:
            await patiently(self.sender.resume)
        try:
            await self._begin()
            async with asyncio.TaskGroup() as tasks:
                beating = [] if self._shared is None else [tasks.create_task(self._shared.run(), name="leases")]
                lanes = tasks.create_task(self._lanes.run(), name="lanes") if role.answers else None
                reports = tasks.create_task(self._reports.run(), name="reports")
                others = [
                    reports,
                    *(self._rounds.sending(tasks) if role.sends else ()),
                    *self._receiving(tasks, webhook_url),
                ]
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
            await self.sender.close(_LAST_SECONDS)
            await self.presence.close()
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
        menu = tasks.create_task(introduce(self._api, self._admins), name="menu")
        return [menu, tasks.create_task(self._receives.run(webhook_url), name="receive")]

    async def _look_about(self) -> NoReturn:
        """Look now and then for what other processes bring in, and for what they left."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            self._arrived.set()
            if self._role.sends:
                await self._rounds.sweep()
                self._rounds.looked.set()

    async def _handle(self, update_id: int) -> None:
        """Deal with an update to its end: answered and sent. What of that is done is not done again."""
        await self.composer.compose(update_id)
        await self.sender.deliver(cause(update_id), whole=True)

    async def _give_up(self, update_id: int) -> None:
        await self.composer.give_up(update_id)
        await self.sender.deliver(cause(update_id), whole=True)

    async def prune(self, kept: timedelta) -> None:
        before = self._rooms.clock() - kept
        await self._rooms.inbox.prune(before)
        await self._rooms.outbox.prune(before)
        await self._rooms.forget_shown(self._rooms.clock())
        await self._rooms.shown.prune(self._rooms.clock() - _SHOWN_FOR)
        await asyncio.to_thread(give_back)


async def _left_to_who_sends(_prefix: str) -> None:
    """What is enqueued is found by a process that sends."""
