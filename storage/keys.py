"""The keys of what is sealed, kept apart from it: no backup has them, so that what a lost key sealed is lost there too.

Of each reader there is one, made with the first of theirs that is sealed, and another of their mark (see `marks`), so
that a mark can go by itself; those of a group that became another chat stay theirs. What waits to be dealt with or
sent is sealed by a key of its day, which goes once nothing needs it: it is nobody's, since whoever merely writes where
the bot is in a group leaves no key behind.

Keys are kept in memory, so many of them. Whether any has been lost elsewhere is looked up before something is sealed,
once a second at most: what a reader writes within that second of being forgotten may be forgotten with the rest.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, ColumnElement, Table, delete, select, update

from storage.key_place import KEYS_AT_ONCE, KeyPlace, number_of
from storage.key_tables import gone_keys, key_places, lost_keys, reader_keys
from storage.sealing import Key, new_bits

if TYPE_CHECKING:
    from storage.database import Database

KEYS = "tidings_keys"
"""The option of a connection that has them."""
KEPT_KEYS = 10_000
"""In memory: some 4 MB."""
_LOOK_SECONDS = 1.0
_WAITING = "waiting:"
_MARK = "mark:"


def _now() -> datetime:
    return datetime.now(UTC)


def of_mark(owner: str) -> str:
    """Whose key seals the mark of somebody: nothing else is sealed by it, so that it can be lost alone."""
    return f"{_MARK}{owner}"


class Keys:
    """The keys of an instance; constructing it touches nothing.

    Args:
        make: Gives the database that they are in, and in which nothing else is looked at.
        secret: Seals them where they are kept; `None` keeps them as they are.
        clock: The present.
        reads: Whether the database is as it is and only read.
    """

    def __init__(
        self,
        make: Callable[[], Database],
        secret: str | None = None,
        clock: Callable[[], datetime] = _now,
        *,
        reads: bool = False,
    ) -> None:
        self._at, self._clock = KeyPlace(make, secret, reads=reads), clock
        self._kept: OrderedDict[str, Key] = OrderedDict()
        self._of: dict[str, Key] = {}
        self._times, self._looked = -1, float("-inf")
        # Whether they are those of the instance.
        self._known = reads

    # which they are

    @property
    def known(self) -> bool:
        """Whether they were seen to be those of the instance, and are still there."""
        return self._known and self._at.is_there()

    async def require(self, number: int) -> None:
        """See to it that these are those that an instance has its texts sealed by, or have taken them over.

        Args:
            number: As `number` gave it for that instance; 0 where it sealed nothing yet.

        Raises:
            StorageError: They are not there, or are another instance's: nothing may be taken for lost then.
        """
        if number and not await self.are(number):
            raise self._at.not_ours()
        self._known = number != 0

    async def are(self, number: int) -> bool:
        """Whether that one is this place, or one whose keys were taken over; see `require`."""
        return self._at.is_there() and number in map(number_of, await self._at.places())

    async def number(self) -> int:
        """What this place is called, as a number; 0 where there are no keys yet."""
        place = await self.place()
        return 0 if place is None else number_of(place)

    async def place(self) -> str | None:
        """What this place is called, for good; `None` where there are no keys yet."""
        return await self._at.place()

    @property
    def file(self) -> Path | None:
        """The file they are in, or would be, where it is one."""
        return self._at.file

    # sealing

    async def of(self, owners: Iterable[str]) -> Mapping[str, Key]:
        """The key that each of these is sealed by from now on; who has none gets one.

        Raises:
            StorageError: They cannot be read, or not be written.
        """
        wanted = dict.fromkeys(owners)
        await self._look()
        found = {owner: key for owner in wanted if (key := self._of.get(owner)) is not None}
        missing = [owner for owner in wanted if owner not in found]
        if missing:
            found |= await self._first(missing)
            new = [(owner, *new_bits()) for owner in missing if owner not in found]
            if new:
                async with (await self._at.database()).transaction() as connection:
                    await connection.execute(reader_keys.insert(), self._at.rows(new))
                found |= {owner: Key(id=id_, owner=owner, bits=bits) for owner, id_, bits in new}
        for key in found.values():
            self._of[key.owner] = key
            self._remember(key)
        return found

    async def of_today(self) -> Key:
        """The key of what waits today."""
        owner = f"{_WAITING}{self._clock():%Y-%m-%d}"
        return (await self.of([owner]))[owner]

    # opening

    async def named(self, ids: Iterable[str], *, anew: bool = False) -> Mapping[str, Key]:
        """Those of these that there are.

        Args:
            ids: As cells name them.
            anew: Whether to read them again, whatever is remembered.

        Raises:
            StorageError: They cannot be read, or there are none of anybody.
        """
        wanted = dict.fromkeys(ids)
        found = {} if anew else {id_: key for id_ in wanted if (key := self._kept.get(id_)) is not None}
        missing = [id_ for id_ in wanted if id_ not in found]
        if missing:
            if not self._at.is_there():
                raise self._at.not_ours()
            for key in await self._read(reader_keys.c.id, missing):
                self._remember(key)
                found[key.id] = key
        return found

    async def ids(self) -> frozenset[str]:
        """Which there are."""
        return await self._at.ids()

    async def gone(self) -> frozenset[str]:
        """Which were lost, here or at a place whose were taken over."""
        return await self._at.gone()

    # losing

    async def lose(self, owner: str) -> int:
        """Delete the keys of somebody for good, that of their mark with them; how many there were.

        What they sealed nobody reads any more, wherever it is kept. No byte of them is left after `purge`.
        """
        return await self._lose(reader_keys.c.owner.in_([owner, of_mark(owner)])) if self._at.is_there() else 0

    async def lose_marks(self, owners: Iterable[str]) -> int:
        """Delete for good the keys of the marks of these alone; how many there were."""
        marks = [of_mark(owner) for owner in owners]
        return await self._lose(reader_keys.c.owner.in_(marks)) if self._at.is_there() else 0

    async def pass_on(self, was: str, now: str) -> None:
        """What was one's is another's from now on, as a group's that became another chat."""
        if not self._at.is_there():
            return
        async with (await self._at.database()).transaction() as connection:
            moved = 0
            for before, after in ((was, now), (of_mark(was), of_mark(now))):
                theirs = update(reader_keys).where(reader_keys.c.owner == before).values(owner=after)
                moved += (await connection.execute(theirs)).rowcount
            if moved:
                await connection.execute(update(lost_keys).values(times=lost_keys.c.times + 1))
        self._forget_all()

    async def drop_days(self, needed: Collection[str]) -> int:
        """Drop the keys of the days before yesterday, but for those that something still needs; how many."""
        if not self._at.is_there():
            return 0
        before = f"{_WAITING}{self._clock() - timedelta(days=1):%Y-%m-%d}"
        async with (await self._at.database()).reading() as connection:
            days = reader_keys.c.owner.like(f"{_WAITING}%")
            rows = await connection.execute(select(reader_keys.c.id).where(days, reader_keys.c.owner < before))
            old = [row.id for row in rows if row.id not in needed]
        dropped = await self._lose(reader_keys.c.id.in_(old[:KEYS_AT_ONCE])) if old else 0
        await self._at.purge_dropped(dropped)
        return dropped

    async def purge(self) -> bool:
        """Leave no byte of what was lost where they are kept; whether it is so."""
        return await self._at.purge()

    # taking along

    async def take(self, other: Keys, ids: Collection[str] | None = None, *, lost: bool = False) -> int:
        """Take over those that are missing here from another place, all or these, and which were lost there.

        Args:
            other: The other place.
            ids: Those that are wanted; all where it is `None`.
            lost: Whether those that were lost here are wanted, too.

        Returns:
            How many were taken.

        Raises:
            StorageError: One of the two cannot be used, or the others are sealed by a secret that is not ours.
        """
        here, from_ = self._at, other._at
        there, not_again = await from_.ids(), frozenset() if lost else await here.gone()
        wanted = sorted((there if ids is None else there & set(ids)) - await here.ids() - not_again)
        for start in range(0, len(wanted), KEYS_AT_ONCE):
            some = wanted[start : start + KEYS_AT_ONCE]
            async with (await from_.database()).reading() as connection:
                rows = (await connection.execute(select(reader_keys).where(reader_keys.c.id.in_(some)))).all()
            taken = here.rows((row.owner, row.id, from_.bits(row)) for row in rows)
            async with (await here.database()).transaction() as connection:
                await connection.execute(reader_keys.insert(), taken)
                await connection.execute(delete(gone_keys).where(gone_keys.c.id.in_(some)))
        places, gone = await from_.places() - await here.places(), await from_.gone() - await here.gone()
        news: dict[Table, list[dict[str, object]]] = {
            key_places: [{"id": id_, "own": False} for id_ in places],
            gone_keys: [{"id": id_} for id_ in gone - await here.ids()],
        }
        for table, added in news.items():
            if added:
                async with (await here.database()).transaction() as connection:
                    await connection.execute(table.insert(), added)
        return len(wanted)

    async def close(self) -> None:
        """Let go of the database they are in."""
        await self._at.close()

    async def _look(self) -> None:
        """Forget what is remembered where any was lost since."""
        if time.monotonic() - self._looked < _LOOK_SECONDS:
            return
        async with (await self._at.database()).reading() as connection:
            times = int(await connection.scalar(select(lost_keys.c.times)) or 0)
        if times != self._times:
            self._forget_all()
        self._times, self._looked = times, time.monotonic()

    async def _first(self, owners: Sequence[str]) -> dict[str, Key]:
        """The first of each of these that has any."""
        found: dict[str, Key] = {}
        for key in await self._read(reader_keys.c.owner, owners):
            found.setdefault(key.owner, key)
        return found

    async def _read(self, column: Column[str], values: Sequence[str]) -> Sequence[Key]:
        found = []
        async with (await self._at.database()).reading() as connection:
            for start in range(0, len(values), KEYS_AT_ONCE):
                some = column.in_(values[start : start + KEYS_AT_ONCE])
                rows = await connection.execute(select(reader_keys).where(some).order_by(reader_keys.c.id))
                found += list(map(self._at.key, rows))
        return found

    async def _lose(self, which: ColumnElement[bool]) -> int:
        async with (await self._at.database()).transaction() as connection:
            rows = await connection.scalars(delete(reader_keys).where(which).returning(reader_keys.c.id))
            gone = [{"id": id_} for id_ in rows]
            if gone:
                await connection.execute(gone_keys.insert(), gone)
                await connection.execute(update(lost_keys).values(times=lost_keys.c.times + 1))
        self._forget_all()
        return len(gone)

    def _remember(self, key: Key) -> None:
        self._kept[key.id] = key
        self._kept.move_to_end(key.id)
        while len(self._kept) > KEPT_KEYS:
            _, old = self._kept.popitem(last=False)
            if self._of.get(old.owner) is old:
                del self._of[old.owner]

    def _forget_all(self) -> None:
        self._kept.clear()
        self._of.clear()
