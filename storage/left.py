"""What a process leaves that ended without saying so: updates it had begun, and messages it was sending."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, func, select, update

from storage.database import Transaction
from storage.domain.deliveries import FAREWELL, InboxState, OutboxState
from storage.schema import inbox, outbox

FAREWELLS = f":{FAREWELL}"
"""What only the keys of farewells hold."""


async def count_begun(connection: Transaction, *where: ColumnElement[bool], most: int | None = None) -> Sequence[int]:
    """Count what may have been begun: of each chat the oldest that waits, and the oldest of what is typed there.

    Of those only the first so many, where `most` says how many.
    """
    oldest = func.min(inbox.c.id)
    begun = (
        select(oldest)
        .where(inbox.c.state == InboxState.PENDING, *where)
        .group_by(inbox.c.chat_id, inbox.c.typed)
        .order_by(oldest)
        .limit(most)
    )
    counted = update(inbox).where(inbox.c.id.in_(begun)).values(starts=inbox.c.starts + 1)
    return (await connection.scalars(counted.returning(inbox.c.update_id))).all()


async def cut_short(
    connection: Transaction,
    *where: ColumnElement[bool],
    states: Sequence[OutboxState] = (OutboxState.SENDING,),
    why: str = "the process ended while sending",
) -> int:
    """Of what was being sent it is unknown whether it went; returns how many. Of farewells nothing is kept then.

    Args:
        connection: A transaction under way.
        where: What else holds for it.
        states: In which it may have been, or may be by now.
        why: Nobody knows.
    """
    cut = await connection.execute(
        update(outbox)
        .where(outbox.c.state.in_(states), *where)
        .values(state=OutboxState.UNKNOWN, error=why, payload="")
    )
    await connection.execute(
        delete(outbox).where(outbox.c.state == OutboxState.UNKNOWN, outbox.c.key.contains(FAREWELLS))
    )
    return cut.rowcount
