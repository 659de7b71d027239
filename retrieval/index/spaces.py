"""The space that searches look in: the encoder on record as serving, with its index, for every process alike.

A process follows the record: it looks now and then whether another has switched, makes the new space ready behind the
searches that go on, and then moves all at once. A search keeps the space it was given, so none mixes two.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from retrieval.index.generations import GRACE, Plan, planned
from retrieval.ports import Encoders, Space
from storage.domain.encoders import EncoderModel
from storage.domain.news import Filters
from storage.domain.times import Clock
from storage.errors import EncoderUnavailable, IndexUnavailable, StorageError

logger = logging.getLogger(__name__)

# How long a switch in another process may go unnoticed; looking is one small reading of the database.
_LOOK_EVERY_SECONDS = 1.0
# How long what was on record is good for a search: one that was retired right afterwards is not dropped before the
# search ends.
_GOOD_FOR = GRACE / 2
# Encoding it shows that a model can be used.
_PROBE = "news"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSpace:
    """A space and how to let go of it. Opening loads nothing."""

    space: Space
    close: Callable[[], None]


class LivingSpaces:
    """Implements `retrieval.ports.Spaces` over the record in the database.

    Args:
        encoders: The record.
        wanted: The encoder that the settings name.
        open_: Makes the space of an encoder.
        clock: The present.
    """

    def __init__(
        self, encoders: Encoders, wanted: EncoderModel, open_: Callable[[EncoderModel], OpenedSpace], clock: Clock
    ) -> None:
        self._encoders = encoders
        self._wanted = wanted
        self._open = open_
        self._clock = clock
        self._opened: dict[str, OpenedSpace] = {}
        self._current: EncoderModel | None = None
        self._moving = asyncio.Lock()
        self._looked_at = 0.0
        self._read_at: datetime | None = None
        self._looking: asyncio.Task[None] | None = None
        self._told: set[str] = set()

    async def current(self) -> Space:
        """The space for one search.

        Only the first of a process waits, for what is on record and for its model, and the first after a long while:
        what searches used until then may have been dropped.

        Raises:
            StorageError: The record cannot be read, and never was.
        """
        if self._current is None:
            await self.plan()
        elif self._looking is None and self._is_outdated():
            with contextlib.suppress(StorageError):
                await self.plan()
        elif self._looking is None and time.monotonic() - self._looked_at >= _LOOK_EVERY_SECONDS:
            self._looking = asyncio.create_task(self._look_again(), name="spaces")
        return self.space(self._current or self._wanted)

    async def plan(self) -> Plan:
        """What each encoder is to do by the record as it is now. Moves this process's searches where it says.

        Raises:
            StorageError: The record cannot be read.
        """
        async with self._moving:
            unusable: set[str] = set()
            while True:
                now = self._clock()
                plan = planned(self._wanted, await self._encoders.kept(), unusable)
                self._looked_at = time.monotonic()
                if await self._moved(plan.serving) or plan.serving.name == self._wanted.name:
                    self._read_at = now
                    return plan
                unusable.add(plan.serving.name)

    async def warm(self) -> None:
        """Make the current space ready now rather than with the first search.

        Raises:
            EncoderUnavailable: Its model cannot be loaded.
            StorageError: The record cannot be read.
        """
        await _make_ready(await self.current())

    def space(self, model: EncoderModel) -> Space:
        """The space of an encoder, the same each time."""
        opened = self._opened.get(model.name)
        if opened is None:
            opened = self._opened[model.name] = self._open(model)
        return opened.space

    async def serve(self, model: EncoderModel) -> None:
        """Make this the space of all searches, in this process at once and in others within seconds.

        Raises:
            StorageError: It could not be recorded; nothing has moved.
        """
        async with self._moving:
            await self._encoders.serve(model, self._clock())
            self._current = model

    def release(self, model: EncoderModel) -> None:
        """Let go of a space that no search uses any more."""
        opened = self._opened.pop(model.name, None)
        if opened is not None:
            opened.close()

    async def close(self) -> None:
        """Stop looking, and let go of every space."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        while self._opened:
            self._opened.popitem()[1].close()

    def _is_outdated(self) -> bool:
        return self._read_at is None or self._clock() - self._read_at >= _GOOD_FOR

    async def _look_again(self) -> None:
        try:
            with contextlib.suppress(StorageError):
                await self.plan()
        finally:
            self._looked_at = time.monotonic()
            self._looking = None

    async def _moved(self, model: EncoderModel) -> bool:
        """Whether searches look there now; they stay where they are while its model cannot be loaded."""
        if self._current is not None and self._current.name == model.name:
            return True
        if self._current is None and model.name == self._wanted.name:
            # There is no other to turn to, and it loads with the first search.
            self._current = model
            return True
        try:
            await _make_ready(self.space(model))
        except EncoderUnavailable as error:
            if model.name not in self._told:
                self._told.add(model.name)
                logger.warning("encoder_on_record_not_usable", extra={"encoder": model.name, "reason": error.reason})
            return False
        self._told.discard(model.name)
        self._current = model
        return True


async def _make_ready(space: Space) -> None:
    """Load the model, and open the index if it can be opened; where it cannot, a search says so."""
    vector = await space.encoder.encode_query(_PROBE)
    with contextlib.suppress(IndexUnavailable):
        await space.dense.nearest(vector, 1, Filters())
