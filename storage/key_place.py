"""Where keys are kept: a database of their own, or tables that backups leave out; sealed, where there is a secret.

Every place has a name, by which an instance knows whether the keys that are there are its own. One that is not there,
that was put in the place of another while this process had that open, or whose keys another secret seals, is refused
before a key is added to it: what that key would seal could not be opened again later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from storage.errors import StorageBusy, StorageError
from storage.key_tables import gone_keys, key_places, lost_keys, metadata, reader_keys
from storage.sealing import Key, NotOpened, Wrapping, new_bits

if TYPE_CHECKING:
    from pathlib import Path

    from storage.database import AnyRow, Database, Transaction

KEYS_AT_ONCE = 500
_NUMBER_DIGITS = 15


def number_of(place: str) -> int:
    """What a place is called, as a number that is not 0, nor more than a database holds."""
    return int(place[:_NUMBER_DIGITS], 16) or 1


class KeyPlace:
    """Where the keys of an instance are; constructing it touches nothing.

    Args:
        make: Gives the database that they are in, and in which nothing else is looked at.
        secret: Seals them where they are kept; `None` keeps them as they are.
        reads: Whether the database is as it is and only read.
    """

    def __init__(self, make: Callable[[], Database], secret: str | None, *, reads: bool) -> None:
        self._make, self._wrapping = make, Wrapping(secret)
        self._made: Database | None = None
        self._opening, self._open = asyncio.Lock(), reads
        self._reads = reads
        # Which file it was that was opened.
        self._opened: tuple[int, int] | None = None
        # Whether bytes may still stand where they were that were sealed or dropped since.
        self._unpurged = False

    @property
    def file(self) -> Path | None:
        """The file it is, or would be, where it is one."""
        return self._named.file

    def is_there(self) -> bool:
        """Whether there is one, and it is the one that was opened."""
        return self._reads or self.file is None or ((found := self._found()) is not None and self._is_same(found))

    def not_ours(self) -> StorageError:
        """What to raise where it is not there, or is another instance's."""
        return StorageError(
            f"the keys of readers: are not in {self._named.where}; put them back as they were; where they are lost, "
            "`tidings backup` and a `tidings restore` of that into an empty TIDINGS_HOME go on without what they sealed"
        )

    async def database(self) -> Database:
        """The database, with the tables in it.

        Raises:
            StorageError: It cannot be used, is not what was opened, or is sealed by another secret.
        """
        made = self._named
        async with self._opening:
            if not self._open:
                async with made.made(metadata) as connection:
                    if await connection.scalar(select(func.count()).select_from(lost_keys)) == 0:
                        await connection.execute(lost_keys.insert().values(times=0))
                        await connection.execute(key_places.insert().values(id=new_bits()[0], own=True))
                    await self._require_secret(connection)
                    self._unpurged = await self._wrap(connection)
                self._opened, self._open = self._found(), True
                if self._unpurged:
                    with suppress(StorageBusy):
                        await self.purge()
        if not self.is_there():
            # What has it open would go on writing into a file that has no name any more.
            raise StorageError(
                f"the keys of readers: {made.where} was taken away, or replaced, while this runs; see that it is the "
                "right one, and start Tidings anew"
            )
        return made

    async def purge(self) -> bool:
        """Leave no byte of what was lost here; whether it is so."""
        if not self.is_there():
            return True
        # A server gives the room of deleted rows away, and they stand in it until somebody takes it.
        purged = await self._named.purge(anew=(reader_keys,))
        self._unpurged = self._unpurged and not purged
        return purged

    async def purge_dropped(self, dropped: int) -> None:
        """The same where some were dropped, or are left of before; who is in the way now is not at the next time."""
        self._unpurged = self._unpurged or dropped > 0
        if self._unpurged:
            with suppress(StorageBusy):
                await self.purge()

    # what it is called

    async def places(self) -> frozenset[str]:
        """What it is called, and those whose keys were taken over."""
        async with (await self.database()).reading() as connection:
            return frozenset(await connection.scalars(select(key_places.c.id)))

    async def place(self) -> str | None:
        """What it is called, for good; `None` where there are no keys yet."""
        if not self.is_there():
            return None
        async with (await self.database()).reading() as connection:
            return await connection.scalar(select(key_places.c.id).where(key_places.c.own))

    # what is in it

    async def ids(self) -> frozenset[str]:
        """Which keys there are."""
        if not self.is_there():
            return frozenset()
        async with (await self.database()).reading() as connection:
            return frozenset(await connection.scalars(select(reader_keys.c.id)))

    async def gone(self) -> frozenset[str]:
        """Which were lost, here or at a place whose were taken over."""
        if not self.is_there():
            return frozenset()
        async with (await self.database()).reading() as connection:
            return frozenset(await connection.scalars(select(gone_keys.c.id)))

    def rows(self, keys: Iterable[tuple[str, str, bytes]]) -> list[dict[str, object]]:
        """Rows of owners, ids and bits, as they are kept here."""
        wrapping = self._wrapping
        return [
            {"id": id_, "owner": owner, "key": wrapping.kept(id_, bits), "wrapped": wrapping.wraps}
            for owner, id_, bits in keys
        ]

    def bits(self, row: AnyRow) -> bytes:
        """The bits of a key that is kept here.

        Raises:
            StorageError: Another secret seals it.
        """
        try:
            return self._wrapping.bits(row.id, row.key, wrapped=row.wrapped)
        except NotOpened as error:
            raise StorageError(
                "the keys of readers: are themselves sealed by a secret; set TIDINGS_KEYS_SECRET to that one"
            ) from error

    def key(self, row: AnyRow) -> Key:
        """The key of a row."""
        return Key(id=row.id, owner=row.owner, bits=self.bits(row))

    async def close(self) -> None:
        """Let go of the database."""
        if self._made is not None:
            await self._made.close()

    @property
    def _named(self) -> Database:
        if self._made is None:
            self._made = self._make()
        return self._made

    def _found(self) -> tuple[int, int] | None:
        """Which file stands there now; `None` where there is none, or on a server."""
        try:
            found = None if self.file is None else self.file.stat()
        except FileNotFoundError:
            return None
        return None if found is None else (found.st_dev, found.st_ino)

    def _is_same(self, found: tuple[int, int]) -> bool:
        return self._opened in {None, found}

    async def _require_secret(self, connection: Transaction) -> None:
        """See to it that ours is the secret that seals them: no key may join them that another one seals."""
        row = (await connection.execute(select(reader_keys).where(reader_keys.c.wrapped).limit(1))).first()
        if row is not None:
            self.bits(row)

    async def _wrap(self, connection: Transaction) -> bool:
        """Seal by the secret what was kept before there was one; whether there was any."""
        found = False
        bare = select(reader_keys).where(~reader_keys.c.wrapped).limit(KEYS_AT_ONCE)
        while self._wrapping.wraps and (rows := (await connection.execute(bare)).all()):
            found = True
            for row in rows:
                kept = self._wrapping.kept(row.id, row.key)
                this = update(reader_keys).where(reader_keys.c.id == row.id)
                await connection.execute(this.values(key=kept, wrapped=True))
        return found
