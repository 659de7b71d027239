"""Numbers by name: up to where something has come."""

from __future__ import annotations

from sqlalchemy import select, update

from storage.database import Transaction, insert
from storage.schema import counters


async def counter(connection: Transaction, name: str) -> int:
    """The number of that name; 0 where there is none yet."""
    return int(await connection.scalar(select(counters.c.value).where(counters.c.name == name)) or 0)


async def count(connection: Transaction, name: str, value: int) -> None:
    """Set the number of that name."""
    upsert = insert(connection, counters)
    await connection.execute(
        upsert.on_conflict_do_update(index_elements=[counters.c.name], set_={"value": upsert.excluded.value}),
        {"name": name, "value": value},
    )


async def advance(connection: Transaction, name: str, *, after: int, upto: int) -> bool:
    """Set the number of that name from `after` to `upto`; whether it stood there. Others wait until this commits."""
    if after == 0:
        await connection.execute(insert(connection, counters).values(name=name, value=0).on_conflict_do_nothing())
    stood = await connection.execute(
        update(counters).where(counters.c.name == name, counters.c.value == after).values(value=upto)
    )
    return stood.rowcount == 1
