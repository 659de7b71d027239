"""What holds for whoever may not use the bot, whichever way they are shut out: they are sent nothing unasked.

They may be blocked, or not be let in where it is closed; by their number, or by the name that they had last; and what
holds for a group holds for its topics. What waits for them is dropped, which is taken down with why.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, literal, or_, select, update

from storage.database import Transaction
from storage.domain.access import Source, Verdict
from storage.domain.deliveries import BROADCAST, UNASKED, OutboxState
from storage.schema import access, counters, declined_broadcasts, outbox, reader_names, unreachable

CLOSED = "closed"
"""The counter that is 1 where only those may use the bot whom operators let in."""
NOT_ADMITTED = "dropped: whoever it was for may not use the bot"
DECLINED = "dropped: whoever it was for wants no announcements"
"""Why something was not sent, as it is taken down."""

_WAITING = (OutboxState.PENDING, OutboxState.HELD)


def may_use(reader: ColumnElement[str]) -> ColumnElement[bool]:
    """Holds for readers, groups and topics that may use the bot."""
    operator = exists().where(access.c.who == reader, access.c.source == Source.ADMINS)
    closed = exists().where(counters.c.name == CLOSED, counters.c.value == 1)
    admitted = or_(~closed, *_said(reader, Verdict.ALLOWED))
    return or_(operator, and_(*(~each for each in _said(reader, Verdict.BLOCKED)), admitted))


def sent_unasked(reader: ColumnElement[str]) -> tuple[ColumnElement[bool], ...]:
    """Hold for those to whom something may be sent that they did not just ask for."""
    gone = unreachable.c.reader_id
    return (
        ~exists().where(gone == reader),
        ~and_(_is_topic(reader), exists().where(reader.startswith(gone + ":"))),
        may_use(reader),
    )


async def drop_shut_out(connection: Transaction, *bounds: ColumnElement[bool]) -> None:
    """Drop what waits to be sent unasked to whoever may not use the bot; `bounds` may say of which messages."""
    await _drop(connection, NOT_ADMITTED, _begins(*UNASKED), ~may_use(_receiver()), *bounds)


async def drop_declined(connection: Transaction, *bounds: ColumnElement[bool]) -> None:
    """The same of announcements to whoever wants none."""
    declined = exists().where(declined_broadcasts.c.reader_id == _receiver())
    await _drop(connection, DECLINED, _begins(BROADCAST), declined, *bounds)


async def _drop(connection: Transaction, why: str, *bounds: ColumnElement[bool]) -> None:
    await connection.execute(
        update(outbox)
        .where(outbox.c.state.in_(_WAITING), *bounds)
        .values(state=OutboxState.FAILED, error=why, payload="")
    )


def _receiver() -> ColumnElement[str]:
    """Whom a message goes to; one to a topic goes to its group."""
    return literal("telegram:").concat(cast(outbox.c.chat_id, String))


def _begins(*prefixes: str) -> ColumnElement[bool]:
    # LIKE ignores letter case on some databases.
    return or_(*(func.substr(outbox.c.key, 1, len(each)) == each for each in prefixes))


def _said(reader: ColumnElement[str], verdict: Verdict) -> tuple[ColumnElement[bool], ...]:
    """Where one of them holds, operators say that of somebody: by number, by name, or of the group of a topic."""
    says, topic = access.c.verdict == verdict, _is_topic(reader)
    listed = select(access.c.who).where(says)
    named = reader_names.c.name.in_(listed)
    return (
        exists().where(access.c.who == reader, says),
        exists().where(reader_names.c.reader_id == reader, named),
        and_(topic, exists().where(reader.startswith(access.c.who + ":"), says)),
        and_(topic, exists().where(named, reader.startswith(reader_names.c.reader_id + ":"))),
    )


def _is_topic(reader: ColumnElement[str]) -> ColumnElement[bool]:
    # There are few of these, and for them alone what is said of others is looked through.
    return reader.like("telegram:-%:%")
