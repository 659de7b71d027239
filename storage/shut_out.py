"""What holds for whoever may not use the bot, whichever way they are shut out: they are sent nothing unasked.

They may be blocked, or not be let in where it is closed; by their number, or by the name that they had last; and what
holds for a group holds for its topics. What waits for them is dropped, which is taken down with why. Of what they wrote
nothing is kept, not even where it could not be read.
"""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, literal, or_, select, update

from storage.counters import counter
from storage.database import Transaction, chunks
from storage.domain.access import Source, Verdict
from storage.domain.deliveries import BROADCAST, UNASKED, InboxState, OutboxState
from storage.schema import access, counters, declined_broadcasts, inbox, outbox, reader_names, unreachable

CLOSED = "closed"
"""The counter that is 1 where only those may use the bot whom operators let in."""
NOT_ADMITTED = "dropped: whoever it was for may not use the bot"
DECLINED = "dropped: whoever it was for wants no announcements"
"""Why something was not sent, as it is taken down."""

# Who is named in an update, or in the text of one that is no JSON, kept with its quotes escaped.
_NUMBER = re.compile(r'"id\\?"\s*:\s*(-?[0-9]{1,19})(?![0-9])')
_NAME = re.compile(r'"username\\?"\s*:\s*\\?"([A-Za-z0-9_]{1,64})')
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


async def may_be_kept(connection: Transaction, payload: str) -> bool:
    """Whether an update that could not be read may be kept as it came: nobody in it is shut out.

    It is not to be told whom it is from: all who are named in it are taken together, and where nobody is, everybody.
    """
    named = [f"telegram:{number}" for number in _NUMBER.findall(payload)]
    named += [f"@{name.lower()}" for name in _NAME.findall(payload)]
    said: set[str] = set()
    for chunk in chunks(list(dict.fromkeys(named))):
        said.update(await connection.scalars(select(access.c.verdict).where(access.c.who.in_(chunk))))
    if not named:
        said.update(await connection.scalars(select(access.c.verdict).where(access.c.verdict == Verdict.BLOCKED)))
    closed = await counter(connection, CLOSED)
    return Verdict.BLOCKED not in said and (not closed or Verdict.ALLOWED in said)


async def empty_unread(connection: Transaction, *bounds: ColumnElement[bool]) -> None:
    """Of updates of whoever may not use the bot that were set aside keep nothing but that there was one."""
    unread = (inbox.c.state == InboxState.QUARANTINED, inbox.c.payload != "", *bounds)
    for row in (await connection.execute(select(inbox.c.id, inbox.c.payload).where(*unread))).all():
        if not await may_be_kept(connection, row.payload):
            await connection.execute(update(inbox).where(inbox.c.id == row.id).values(payload="", chat_id=None))


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
