"""Who may use the bot, who was told that they may not, and who cannot be reached.

What operators say is theirs and names nobody as a reader; of whoever is turned away the time alone is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import assert_never

from sqlalchemy import ColumnElement, and_, delete, exists, select

from storage.budgets import use
from storage.database import Database, Transaction, insert
from storage.domain.access import Admission, Judged, Listing, Returned, Source, Standing, TurnedAway, Used, Verdict
from storage.domain.people import ReaderId
from storage.schema import access, refusals, unreachable


class AccessStore:
    """What `bot.messenger.gate.Access` asks for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def settle(self, listings: Collection[Listing], at: datetime) -> None:
        """These are the ones that the settings name, and no others, from now on."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(access).where(access.c.source == Source.SETTINGS))
            rows = [
                {"who": each.who, "source": Source.SETTINGS, "verdict": each.verdict, "at": at} for each in listings
            ]
            if rows:
                await connection.execute(insert(connection, access).on_conflict_do_nothing(), rows)

    async def standing(self, reader: ReaderId, names: Sequence[str]) -> Standing:
        """How somebody stands whom operators may call by any of these names."""
        async with self._database.reading() as connection:
            listed = await connection.scalars(select(access.c.verdict).where(access.c.who.in_(names)))
            refused = await connection.scalar(select(refusals.c.at).where(refusals.c.reader_id == reader))
            lost = await connection.scalar(select(exists().where(unreachable.c.reader_id == reader)))
            return Standing(listed=frozenset(map(Verdict, listed)), refused_at=refused, unreachable=bool(lost))

    async def listed(self) -> Sequence[Listing]:
        """All of whom operators say something, by name."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(access).order_by(access.c.who, access.c.source))
            return tuple(Listing(who=row.who, verdict=Verdict(row.verdict), source=Source(row.source)) for row in rows)

    async def admit(self, change: Admission, *, within: Transaction | None = None) -> None:
        """Take down what changes who may use how much; see `Database.transaction`."""
        async with self._database.transaction(within) as connection:
            match change:
                case Judged():
                    await _judge(connection, change)
                case TurnedAway(at=None):
                    pass
                case TurnedAway(reader=reader, at=at):
                    upsert = insert(connection, refusals).values(reader_id=reader, at=at)
                    await connection.execute(
                        upsert.on_conflict_do_update(index_elements=[refusals.c.reader_id], set_={"at": at})
                    )
                case Returned(reader=reader):
                    await connection.execute(delete(unreachable).where(unreachable.c.reader_id == reader))
                case Used():
                    await use(connection, change)
                case _:
                    assert_never(change)

    async def prune(self, before: datetime) -> int:
        """Drop the refusals from before then; returns how many."""
        async with self._database.transaction() as connection:
            return (await connection.execute(delete(refusals).where(refusals.c.at < before))).rowcount


async def lose(connection: Transaction, reader: ReaderId, at: datetime) -> None:
    """Somebody cannot be reached from then on, until they speak."""
    await connection.execute(
        insert(connection, unreachable).values(reader_id=reader, since=at).on_conflict_do_nothing()
    )


def sent_unasked(reader: ColumnElement[str]) -> tuple[ColumnElement[bool], ...]:
    """Hold for those to whom something may be sent that they did not just ask for."""
    # What holds for a group holds for its topics; there are few of these, and for them alone others are looked through.
    topic = reader.like("telegram:-%:%")
    gone, blocked = unreachable.c.reader_id, access.c.verdict == Verdict.BLOCKED
    return (
        ~exists().where(gone == reader),
        ~and_(topic, exists().where(reader.startswith(gone + ":"))),
        ~exists().where(access.c.who == reader, blocked),
        ~and_(topic, exists().where(reader.startswith(access.c.who + ":"), blocked)),
    )


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
