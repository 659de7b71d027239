"""How fast messages leave, where several processes send them: one line for all, in which each asks for its turn.

Who asks holds the line for as long as that takes, so that no two get the same turn. Of a chat nothing is kept that
makes no difference any more: seconds after the last message to it, and of a farewell not even for these. That is why
neither exporting nor forgetting somebody asks for it.
"""

from __future__ import annotations

from sqlalchemy import delete, select

from storage.counters import HALTED_UNTIL, counter
from storage.database import Database, Transaction, insert, present
from storage.domain.leases import of_chat
from storage.domain.pacing import Bounds, Line, Turn, turn
from storage.schema import paces

_ALL = "all"
_LINE = select(paces).where(paces.c.name == _ALL).with_for_update()


class PaceStore:
    """What `bot.messenger.wire.pace.Turns` asks for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def turn(self, chat_id: int, bounds: Bounds, *, others: int = 0) -> Turn:
        """See `storage.domain.pacing.turn`."""
        name = of_chat(chat_id)
        async with self._database.transaction() as connection:
            new = insert(connection, paces).values(name=_ALL, next_at=0.0, rate=bounds.overall, halted_until=0.0)
            await connection.execute(new.on_conflict_do_nothing())
            row = (await connection.execute(_LINE)).one()
            chat = await connection.scalar(select(paces.c.next_at).where(paces.c.name == name))
            now = (await present(connection)).timestamp()
            given = turn(
                now,
                Line(next_at=row.next_at, rate=row.rate, halted_until=row.halted_until),
                chat or 0.0,
                bounds,
                halted_until=float(await counter(connection, HALTED_UNTIL)),
                others=others,
            )
            await drop_past(connection, now)
            line = given.line
            upsert = insert(connection, paces)
            rows = [{"name": _ALL, "next_at": line.next_at, "rate": line.rate, "halted_until": line.halted_until}]
            if given.taken:
                rows.append({"name": name, "next_at": given.chat, "rate": 0.0, "halted_until": 0.0})
            changed = {each: upsert.excluded[each] for each in ("next_at", "rate", "halted_until")}
            await connection.execute(upsert.on_conflict_do_update(index_elements=[paces.c.name], set_=changed), rows)
            return given


async def drop_past(connection: Transaction, now: float, *, waits: bool = True) -> None:
    """Drop what makes no difference any more; whoever does has the line, so that no two wait for each other.

    Who does not wait leaves it to whoever has the line at present, as all do who send.
    """
    line = _LINE if waits else select(paces).where(paces.c.name == _ALL).with_for_update(skip_locked=True)
    if (await connection.execute(line)).first() is not None:
        await connection.execute(delete(paces).where(paces.c.name != _ALL, paces.c.next_at < now))
