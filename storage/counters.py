"""Numbers by name: up to where something has come."""

from __future__ import annotations

from sqlalchemy import delete, or_, select, update

from storage.database import Transaction, insert
from storage.schema import counters

HALTED_UNTIL = "halted_until"
"""When the service may be asked again, in seconds since 1970."""
FORGOTTEN = "forgotten"
"""How often something was written over that no file may hold any longer, since they were last rid of such."""
WORDS_MARKED = "words_marked"
"""1 once no words of readers are told by what anybody can make of them."""
KEYS_PLACE = "keys"
"""Which keys the texts of readers are sealed by (`Keys.number`); 0 where none is yet."""

INHERITED_SENDS = "inherited_sends"
"""Of how many messages it became unknown, whether they went, as their chats were taken over; until they are told of."""


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


async def add(connection: Transaction, name: str, value: int) -> None:
    """Add to the number of that name."""
    upsert = insert(connection, counters).values(name=name, value=value)
    added = counters.c.value + upsert.excluded.value
    await connection.execute(upsert.on_conflict_do_update(index_elements=[counters.c.name], set_={"value": added}))


async def take(connection: Transaction, name: str) -> int:
    """The number of that name, which nobody else is given any more."""
    taken = await connection.scalar(delete(counters).where(counters.c.name == name).returning(counters.c.value))
    return int(taken or 0)


async def lift(connection: Transaction, name: str, value: int, *, most: int) -> None:
    """Set the number of that name where it is less, or more than it can truly be."""
    upsert = insert(connection, counters).values(name=name, value=value)
    wrong = or_(counters.c.value < value, counters.c.value > most)
    await connection.execute(
        upsert.on_conflict_do_update(index_elements=[counters.c.name], set_={"value": value}, where=wrong)
    )


async def advance(connection: Transaction, name: str, *, after: int, upto: int) -> bool:
    """Set the number of that name from `after` to `upto`; whether it stood there. Others wait until this commits."""
    if after == 0:
        await connection.execute(insert(connection, counters).values(name=name, value=0).on_conflict_do_nothing())
    stood = await connection.execute(
        update(counters).where(counters.c.name == name, counters.c.value == after).values(value=upto)
    )
    return stood.rowcount == 1
