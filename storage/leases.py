"""Who does what, where several processes work on one database: each thing is one's at a time.

    free ──take──▶ A's ──give back──▶ free
                    │ A says nothing for `LASTS`
                    ▼
                 anybody's ──take──▶ B's, who inherits it

A process says now and then that it is there; what it has is its own for as long as it does. Nobody takes what is
another's: they look again later. By the clock of the database, so that the machines' own may differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select

from storage.counters import INHERITED_SENDS, add
from storage.database import Database, Transaction, insert, present
from storage.domain.leases import CHAT, Lease, chat_of
from storage.left import count_begun, cut_short
from storage.paces import drop_past
from storage.schema import inbox, leases, outbox, processes

LASTS = timedelta(seconds=15)
"""How long a process is believed to be there after it said so."""
_KEPT = timedelta(days=1)


class LeaseStore:
    """What `bot.messenger.wire.leases.Shelf` asks for.

    Args:
        owner: This process's name, which no other has or ever had.
        heart: The same database, by a connection that nobody else waits for. Who is so busy that all of theirs are in
            use is there all the same, and would lose what they have if that were said too late.
    """

    def __init__(self, database: Database, owner: str, heart: Database | None = None) -> None:
        self._database, self.owner = database, owner
        self._heart = heart or database

    async def beat(self) -> bool:
        """This process is there; whether it was believed to be all the while since it said so before."""
        async with self._heart.transaction() as connection:
            now = await present(connection)
            until = await connection.scalar(select(processes.c.until).where(processes.c.name == self.owner))
            upsert = insert(connection, processes).values(name=self.owner, until=now + LASTS)
            await connection.execute(
                upsert.on_conflict_do_update(index_elements=[processes.c.name], set_={"until": upsert.excluded.until})
            )
            # What is of somebody who is long gone names chats for nothing.
            await connection.execute(delete(processes).where(processes.c.until < now - _KEPT))
            await connection.execute(delete(leases).where(leases.c.owner.not_in(select(processes.c.name))))
            await drop_past(connection, now.timestamp(), waits=False)
            return until is not None and until > now

    async def leave(self) -> None:
        """It will not be any longer, and gives back all it has."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(leases).where(leases.c.owner == self.owner))
            await connection.execute(delete(processes).where(processes.c.name == self.owner))

    async def take(self, name: str) -> Lease:
        """Whether what is called so is this process's from now on, until it is given back.

        Of a chat that is inherited, what had been begun there is counted, and what was being sent is unknown.
        """
        async with self._database.transaction() as connection:
            theirs = await living(connection, leases.c.owner)
            mine = insert(connection, leases).values(name=name, owner=self.owner, inherited=0)
            taken = await connection.execute(
                mine.on_conflict_do_update(
                    index_elements=[leases.c.name],
                    set_={"owner": self.owner, "inherited": leases.c.inherited + 1},
                    where=(leases.c.owner == self.owner) | ~theirs,
                ).returning(leases.c.inherited)
            )
            row = taken.first()
            if row is not None and row.inherited and name.startswith(CHAT):
                await count_begun(connection, inbox.c.chat_id.is_not_distinct_from(chat_of(name)))
                if left := await cut_short(connection, outbox.c.chat_id == chat_of(name)):
                    await add(connection, INHERITED_SENDS, left)
        if row is None:
            return Lease.ELSEWHERE
        return Lease.INHERITED if row.inherited else Lease.MINE

    async def held(self, prefix: str) -> Sequence[str]:
        """What those have who are there, of what is called so."""
        async with self._database.reading() as connection:
            theirs = await living(connection, leases.c.owner)
            # LIKE ignores letter case on some databases.
            named = func.substr(leases.c.name, 1, len(prefix)) == prefix
            return (await connection.scalars(select(leases.c.name).where(theirs, named))).all()

    async def give_back(self, name: str) -> None:
        """Let others have it."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(leases).where(leases.c.name == name, leases.c.owner == self.owner))


async def living(connection: Transaction, owner: ColumnElement[str]) -> ColumnElement[bool]:
    """Holds for those processes of which it is believed that they are there."""
    return owner.in_(select(processes.c.name).where(processes.c.until > await present(connection)))
