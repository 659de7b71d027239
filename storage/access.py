"""Who may use the bot, who was told that they may not, and who cannot be reached.

What operators say is theirs and names nobody as a reader; of whoever is turned away the time alone is kept. Of whoever
is not, the name that they have in Telegram is, since operators may say something of that.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import assert_never

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, delete, exists, or_, select

from storage.budgets import tally, use
from storage.counters import count
from storage.database import Database, Transaction, insert
from storage.domain.access import (
    Admission,
    Counted,
    Judged,
    Listing,
    Named,
    Returned,
    Source,
    Standing,
    TurnedAway,
    Used,
    Verdict,
)
from storage.domain.people import ReaderId
from storage.readers import OWN
from storage.schema import access, outbox, reader_names, refusals, unreachable
from storage.shut_out import CLOSED, drop_shut_out, empty_unread, waiting_for_a_name

_READER: BindParameter[str] = bindparam("reader")
_NAMES: BindParameter[list[str]] = bindparam("names", expanding=True)
# Of whoever speaks, each time they do: one statement, made once.
_STANDING = select(
    *(exists().where(access.c.who.in_(_NAMES), access.c.verdict == each).label(each) for each in Verdict),
    select(refusals.c.at).where(refusals.c.reader_id == _READER).scalar_subquery().label("refused_at"),
    exists().where(unreachable.c.reader_id == _READER).label("unreachable"),
    select(reader_names.c.name).where(reader_names.c.reader_id == _READER).scalar_subquery().label("name"),
)


class AccessStore:
    """What `bot.messenger.operators.gate.Access` asks for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def settle(
        self, listings: Collection[Listing], at: datetime, *, closed: bool = False, admins: Collection[ReaderId] = ()
    ) -> int:
        """What the settings say holds from now on, and nothing that they said before.

        What waits to be sent unasked to whoever is shut out by that is dropped, and what they wrote that was set aside.
        Returns for how many chats it is held, since names are let in and theirs is not known.

        Args:
            listings: Whom they let in, or shut out.
            at: The present.
            closed: Whether only those may use the bot whom operators let in.
            admins: The operators, who may whatever else is said.
        """
        said = [*listings, *(Listing(who=each, verdict=Verdict.ALLOWED, source=Source.ADMINS) for each in admins)]
        rows = [{"who": each.who, "source": each.source, "verdict": each.verdict, "at": at} for each in said]
        async with self._database.transaction() as connection:
            await connection.execute(delete(access).where(access.c.source != Source.CHAT))
            if rows:
                await connection.execute(insert(connection, access).on_conflict_do_nothing(), rows)
            await count(connection, CLOSED, int(closed))
            await drop_shut_out(connection)
            await empty_unread(connection)
            return await waiting_for_a_name(connection)

    async def standing(self, reader: ReaderId, names: Sequence[str]) -> Standing:
        """How somebody stands whom operators may call by any of these names."""
        async with self._database.reading() as connection:
            row = (await connection.execute(_STANDING, {"reader": reader, "names": names})).one()
            listed = frozenset(verdict for verdict in Verdict if getattr(row, verdict))
            return Standing(
                listed=listed, refused_at=row.refused_at, unreachable=bool(row.unreachable), name=row.name or ""
            )

    async def listed(self) -> Sequence[Listing]:
        """All of whom operators say something, by name."""
        said = access.c.source != Source.ADMINS
        async with self._database.reading() as connection:
            rows = await connection.execute(select(access).where(said).order_by(access.c.who, access.c.source))
            return tuple(Listing(who=row.who, verdict=Verdict(row.verdict), source=Source(row.source)) for row in rows)

    async def admit(self, change: Admission, *, within: Transaction | None = None) -> None:
        """Take down what changes who may use how much; see `Database.transaction`."""
        async with self._database.transaction(within) as connection:
            match change:
                case Judged():
                    await _judge(connection, change)
                    await drop_shut_out(connection)
                    await empty_unread(connection)
                case TurnedAway(reader=reader, at=None):
                    await _turn_away(connection, reader)
                case TurnedAway(reader=reader, at=at):
                    await _turn_away(connection, reader)
                    upsert = insert(connection, refusals).values(reader_id=reader, at=at)
                    await connection.execute(
                        upsert.on_conflict_do_update(index_elements=[refusals.c.reader_id], set_={"at": at})
                    )
                case Returned(reader=reader):
                    await connection.execute(delete(unreachable).where(unreachable.c.reader_id == reader))
                case Named():
                    await name(connection, change)
                case Used():
                    await use(connection, change)
                case Counted():
                    await tally(connection, change)
                case _:
                    assert_never(change)

    async def prune(self, before: datetime) -> int:
        """Drop the refusals from before then, and that those cannot be reached of whom nothing is kept; how many."""
        async with self._database.transaction() as connection:
            told = await connection.execute(delete(refusals).where(refusals.c.at < before))
            gone = await connection.execute(delete(unreachable).where(_alone(unreachable.c.reader_id)))
            return told.rowcount + gone.rowcount


async def lose(connection: Transaction, reader: ReaderId, at: datetime) -> None:
    """Somebody cannot be reached from then on, until they speak."""
    await connection.execute(
        insert(connection, unreachable).values(reader_id=reader, since=at).on_conflict_do_nothing()
    )


async def name(connection: Transaction, named: Named) -> None:
    """Somebody has that name from then on, whoever had it before has it no longer; what waits for them is judged anew.

    What waits for others is judged as it is claimed.
    """
    mine = reader_names.c.reader_id == named.reader
    known = await connection.scalar(select(reader_names.c.name).where(mine))
    if (known or "") == named.name:
        return
    await connection.execute(delete(reader_names).where(or_(mine, reader_names.c.name == named.name)))
    if named.name:
        await connection.execute(insert(connection, reader_names).values(reader_id=named.reader, name=named.name))
    await drop_shut_out(connection, outbox.c.chat_id == _chat(named.reader), named=True)


async def _turn_away(connection: Transaction, reader: ReaderId) -> None:
    """Who is known by now not to be let in by name is sent nothing that waited for that to be known.

    In a group it was said of a member.
    """
    if (chat := _chat(reader)) > 0:
        await drop_shut_out(connection, outbox.c.chat_id == chat, named=True)


def _chat(reader: ReaderId) -> int:
    return int(reader.partition(":")[2])


def _alone(reader: ColumnElement[str]) -> ColumnElement[bool]:
    """Holds where nothing is kept of a reader but what is kept here, nor of a group's topics."""
    others = (table.c.reader_id for table in OWN if table not in {refusals, unreachable, reader_names})
    group = reader.like("telegram:-%")
    return and_(*(~exists().where(or_(each == reader, and_(group, each.startswith(reader + ":")))) for each in others))


async def _judge(connection: Transaction, judged: Judged) -> None:
    if judged.verdict is None:
        await connection.execute(delete(access).where(access.c.who == judged.who, access.c.source == Source.CHAT))
        return
    values = {"verdict": judged.verdict, "at": judged.at}
    await connection.execute(
        insert(connection, access)
        .values(who=judged.who, source=Source.CHAT, **values)
        .on_conflict_do_update(index_elements=[access.c.who, access.c.source], set_=values)
    )
