"""The keys of what is sealed, kept apart from it: no backup has them, so that what a lost key sealed is lost there too.

Of each reader there is one, made with the first of theirs that is sealed; those of a group that became another chat
stay theirs. What waits to be dealt with or sent is sealed by a key of its day, which goes once nothing needs it: it is
nobody's, since whoever merely writes where the bot is in a group leaves no key behind.

Keys are kept in memory, so many of them. Whether any has been lost elsewhere is looked up before something is sealed,
once a second at most: what a reader writes within that second of being forgotten may be forgotten with the rest.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    LargeBinary,
    MetaData,
    Table,
    Text,
    delete,
    func,
    select,
    update,
)

from storage.addresses import read_only
from storage.errors import StorageBusy, StorageError
from storage.sealing import Key, NotOpened, Wrapping, new_bits

if TYPE_CHECKING:
    from storage.database import AnyRow, Database, Transaction

KEYS = "tidings_keys"
"""The option of a connection that has them."""
KEPT_KEYS = 10_000
"""In memory: some 10 MB."""
_LOOK_SECONDS = 1.0
_WAITING = "waiting:"
_AT_ONCE = 500
_NUMBER_DIGITS = 15

metadata = MetaData()
# Its owner is a reader, or a day of what waits: `waiting:2026-11-30`.
reader_keys = Table(
    "reader_keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False, index=True),
    Column("key", LargeBinary, nullable=False),
    # Whether it is itself sealed, by a secret that stands elsewhere.
    Column("wrapped", Boolean, nullable=False),
)
# How often one was lost or changed hands: by which processes know that what they remember is out of date.
lost_keys = Table("lost_keys", metadata, Column("times", BigInteger, primary_key=True, autoincrement=False))

# Those that were lost for good: a key that is merely not here may be kept elsewhere, one of these shall not come back.
gone_keys = Table("gone_keys", metadata, Column("id", Text, primary_key=True))

# This place, and those whose keys were taken over.
key_places = Table("key_places", metadata, Column("id", Text, primary_key=True), Column("own", Boolean, nullable=False))

KEY_TABLES = tuple(metadata.sorted_tables)
"""What no backup has."""


def _now() -> datetime:
    return datetime.now(UTC)


def _number(place: str) -> int:
    """What a place is called, as a number that is not 0, nor more than a database holds."""
    return int(place[:_NUMBER_DIGITS], 16) or 1


def is_keys_file(file: Path) -> bool:
    """Whether a file holds keys; it is only looked at."""
    try:
        with closing(sqlite3.connect(read_only(file), uri=True)) as connection:
            connection.execute(
                "SELECT reader_keys.id, owner, key, wrapped, own FROM reader_keys, key_places, gone_keys LIMIT 1"
            )
    except sqlite3.Error:
        return False
    return True


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
        self._make, self._wrapping, self._clock = make, Wrapping(secret), clock
        self._made: Database | None = None
        self._reads = reads
        self._opening, self._open = asyncio.Lock(), reads
        self._kept: OrderedDict[str, Key] = OrderedDict()
        self._of: dict[str, Key] = {}
        self._times, self._looked = -1, float("-inf")
        # Whether they are those of the instance.
        self._known = reads
        # Whether bytes may still stand where they were that were sealed since.
        self._unpurged = False

    # which they are

    @property
    def known(self) -> bool:
        """Whether they were seen to be those of the instance, and are still there."""
        return self._known and self._is_there()

    async def require(self, number: int) -> None:
        """See to it that these are those that an instance has its texts sealed by, or have taken them over.

        Args:
            number: As `number` gave it for that instance; 0 where it sealed nothing yet.

        Raises:
            StorageError: They are not there, or are another instance's: nothing may be taken for lost then.
        """
        if number and not await self.are(number):
            raise self._not_ours()
        self._known = number != 0

    async def are(self, number: int) -> bool:
        """Whether that one is this place, or one whose keys were taken over; see `require`."""
        return self._is_there() and number in map(_number, await self.places())

    async def number(self) -> int:
        """What this place is called, as a number; 0 where there are no keys yet."""
        place = await self.place()
        return 0 if place is None else _number(place)

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
                async with (await self._database()).transaction() as connection:
                    await connection.execute(reader_keys.insert(), [self._row(*each) for each in new])
                found |= {owner: Key.of(id_, owner, bits) for owner, id_, bits in new}
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
            if not self._is_there():
                raise self._not_ours()
            for key in await self._read(reader_keys.c.id, missing):
                self._remember(key)
                found[key.id] = key
        return found

    # losing

    async def lose(self, owner: str) -> int:
        """Delete the keys of somebody for good; how many there were.

        What they sealed nobody reads any more, wherever it is kept. No byte of them is left after `purge`.
        """
        return await self._lose(reader_keys.c.owner == owner) if self._is_there() else 0

    async def pass_on(self, was: str, now: str) -> None:
        """What was one's is another's from now on, as a group's that became another chat."""
        if not self._is_there():
            return
        async with (await self._database()).transaction() as connection:
            moved = await connection.execute(update(reader_keys).where(reader_keys.c.owner == was).values(owner=now))
            if moved.rowcount:
                await connection.execute(update(lost_keys).values(times=lost_keys.c.times + 1))
        self._forget_all()

    async def drop_days(self, needed: Collection[str]) -> int:
        """Drop the keys of the days before yesterday, but for those that something still needs; how many."""
        if not self._is_there():
            return 0
        before = f"{_WAITING}{self._clock() - timedelta(days=1):%Y-%m-%d}"
        async with (await self._database()).reading() as connection:
            days = reader_keys.c.owner.like(f"{_WAITING}%")
            rows = await connection.execute(select(reader_keys.c.id).where(days, reader_keys.c.owner < before))
            old = [row.id for row in rows if row.id not in needed]
        dropped = await self._lose(reader_keys.c.id.in_(old[:_AT_ONCE])) if old else 0
        if dropped or self._unpurged:
            with suppress(StorageBusy):
                await self.purge()
        return dropped

    async def purge(self) -> bool:
        """Leave no byte of what was lost where they are kept; whether it is so."""
        if not self._is_there():
            return True
        purged = await (await self._database()).purge()
        self._unpurged = self._unpurged and not purged
        return purged

    # taking along

    async def places(self) -> frozenset[str]:
        """What this place is called, and those whose keys were taken over."""
        async with (await self._database()).reading() as connection:
            return frozenset(await connection.scalars(select(key_places.c.id)))

    async def place(self) -> str | None:
        """What this place is called, for good; `None` where there are no keys yet."""
        if not self._is_there():
            return None
        async with (await self._database()).reading() as connection:
            return await connection.scalar(select(key_places.c.id).where(key_places.c.own))

    async def ids(self) -> frozenset[str]:
        """Which there are."""
        if not self._is_there():
            return frozenset()
        async with (await self._database()).reading() as connection:
            return frozenset(await connection.scalars(select(reader_keys.c.id)))

    async def gone(self) -> frozenset[str]:
        """Which were lost, here or at a place whose were taken over."""
        if not self._is_there():
            return frozenset()
        async with (await self._database()).reading() as connection:
            return frozenset(await connection.scalars(select(gone_keys.c.id)))

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
        there, not_again = await other.ids(), frozenset() if lost else await self.gone()
        wanted = sorted((there if ids is None else there & set(ids)) - await self.ids() - not_again)
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            async with (await other._database()).reading() as connection:
                rows = (await connection.execute(select(reader_keys).where(reader_keys.c.id.in_(some)))).all()
            taken = [self._row(row.owner, row.id, other._bits(row)) for row in rows]
            async with (await self._database()).transaction() as connection:
                await connection.execute(reader_keys.insert(), taken)
                await connection.execute(delete(gone_keys).where(gone_keys.c.id.in_(some)))
        places, gone = await other.places() - await self.places(), await other.gone() - await self.gone()
        news: dict[Table, list[dict[str, object]]] = {
            key_places: [{"id": id_, "own": False} for id_ in places],
            gone_keys: [{"id": id_} for id_ in gone - await self.ids()],
        }
        for table, added in news.items():
            if added:
                async with (await self._database()).transaction() as connection:
                    await connection.execute(table.insert(), added)
        return len(wanted)

    @property
    def file(self) -> Path | None:
        """The file they are in, or would be, where it is one."""
        if self._made is None:
            self._made = self._make()
        return self._made.file

    async def close(self) -> None:
        """Let go of the database they are in."""
        if self._made is not None:
            await self._made.close()

    def _not_ours(self) -> StorageError:
        if self._made is None:
            self._made = self._make()
        return StorageError(
            f"the keys of readers: are not in {self._made.where}; put them back as they were; where they are lost, "
            "`tidings backup` and a `tidings restore` of that into an empty TIDINGS_HOME go on without what they sealed"
        )

    def _is_there(self) -> bool:
        return self._reads or self.file is None or self.file.exists()

    async def _database(self) -> Database:
        if self._made is None:
            self._made = self._make()
        async with self._opening:
            if not self._open:
                async with self._made.made(metadata) as connection:
                    if await connection.scalar(select(func.count()).select_from(lost_keys)) == 0:
                        await connection.execute(lost_keys.insert().values(times=0))
                        await connection.execute(key_places.insert().values(id=new_bits()[0], own=True))
                    self._unpurged = await self._wrap(connection)
                if self._unpurged:
                    with suppress(StorageBusy):
                        self._unpurged = not await self._made.purge()
                self._open = True
        return self._made

    async def _wrap(self, connection: Transaction) -> bool:
        """Seal by the secret what was kept before there was one; whether there was any."""
        found = False
        bare = select(reader_keys).where(~reader_keys.c.wrapped).limit(_AT_ONCE)
        while self._wrapping.wraps and (rows := (await connection.execute(bare)).all()):
            found = True
            for row in rows:
                kept = self._wrapping.kept(row.id, row.key)
                this = update(reader_keys).where(reader_keys.c.id == row.id)
                await connection.execute(this.values(key=kept, wrapped=True))
        return found

    async def _look(self) -> None:
        """Forget what is remembered where any was lost since."""
        if time.monotonic() - self._looked < _LOOK_SECONDS:
            return
        async with (await self._database()).reading() as connection:
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
        async with (await self._database()).reading() as connection:
            for start in range(0, len(values), _AT_ONCE):
                some = column.in_(values[start : start + _AT_ONCE])
                rows = await connection.execute(select(reader_keys).where(some).order_by(reader_keys.c.id))
                found += [Key.of(row.id, row.owner, self._bits(row)) for row in rows]
        return found

    def _row(self, owner: str, id_: str, bits: bytes) -> dict[str, object]:
        kept = self._wrapping.kept(id_, bits)
        return {"id": id_, "owner": owner, "key": kept, "wrapped": self._wrapping.wraps}

    def _bits(self, row: AnyRow) -> bytes:
        try:
            return self._wrapping.bits(row.id, row.key, wrapped=row.wrapped)
        except NotOpened as error:
            raise StorageError(
                "the keys of readers: are themselves sealed by a secret; set TIDINGS_KEYS_SECRET to that one"
            ) from error

    async def _lose(self, which: ColumnElement[bool]) -> int:
        async with (await self._database()).transaction() as connection:
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
