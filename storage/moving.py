"""A group that became another chat, whose settings, interests and conversation go along with it."""

from __future__ import annotations

from sqlalchemy import Table, delete, exists, select, update

from storage.database import Transaction, insert
from storage.domain.access import Source, Verdict
from storage.domain.people import ReaderId
from storage.readers import OWN
from storage.schema import access, conversations, given_documents, turns
from storage.sealed import keys_of
from storage.shut_out import drop_shut_out


async def relocate(connection: Transaction, was: int, now: int) -> None:
    """What is kept of the group `was` is of the chat `now` from then on; what is known of that one already stays.

    Again and again it is the same as once: both chats tell of the move, and whoever sends there may learn it first.
    """
    before, after = ReaderId(f"telegram:{was}"), ReaderId(f"telegram:{now}")
    await (await keys_of(connection)).pass_on(before, after)
    for table in OWN:
        await _pass_on(connection, table, "reader_id", before, after)
    await _pass_on(connection, given_documents, "conversation_id", before, after)
    await _say_of(connection, before, after)
    row = (await connection.execute(select(conversations).where(conversations.c.id == before))).first()
    if row is not None:
        await connection.execute(
            insert(connection, conversations)
            .values(id=after, reader_id=row.reader_id)
            .on_conflict_do_nothing(index_elements=[conversations.c.id])
        )
        await connection.execute(update(turns).where(turns.c.conversation_id == before).values(conversation_id=after))
        await connection.execute(delete(conversations).where(conversations.c.id == before))


async def _say_of(connection: Transaction, before: ReaderId, after: ReaderId) -> None:
    """What operators say of a group they say of the chat it became, where they say nothing of that yet.

    The settings go on to name the group it was: it is as if an operator had said it in a chat, who may take it back.
    """
    said = (await connection.execute(select(access).where(access.c.who == before))).all()
    held = min(said, key=lambda row: row.verdict != Verdict.BLOCKED, default=None)
    if held is not None:
        moved = insert(connection, access).values(who=after, source=Source.CHAT, verdict=held.verdict, at=held.at)
        await connection.execute(moved.on_conflict_do_nothing())
    await connection.execute(delete(access).where(access.c.who == before, access.c.source == Source.CHAT))
    await drop_shut_out(connection)


async def _pass_on(connection: Transaction, table: Table, column: str, before: str, after: str) -> None:
    """Give the rows of one to another, but for those that it has its own of."""
    mine, keys = table.c[column], [each.name for each in table.primary_key if each.name != column]
    if mine in table.primary_key.columns.values():
        theirs = table.alias("theirs")
        same = [theirs.c[key] == table.c[key] for key in keys]
        known = exists().where(theirs.c[column] == after, *same)
        await connection.execute(delete(table).where(mine == before, known))
    await connection.execute(update(table).where(mine == before).values({column: after}))
