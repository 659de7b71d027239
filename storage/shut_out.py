"""What holds for whoever may not use the bot, whichever way they are shut out: they are sent nothing unasked.

They may be blocked, or not be let in where it is closed; by their number, or by the name that they had last; and what
holds for a group holds for its topics. What waits for them is dropped, which is taken down with why. Where it is closed
and names are let in, what waits for whoever's name is not known yet is held until it is. Of what they wrote nothing is
kept, not even where it could not be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from sqlalchemy import ColumnElement, String, and_, cast, exists, false, func, literal, or_, select, update

from storage.counters import counter
from storage.database import Transaction, chunks
from storage.domain.access import Source, Verdict
from storage.domain.deliveries import BROADCAST, UNASKED, InboxState, OutboxState
from storage.schema import access, counters, declined_broadcasts, inbox, outbox, reader_names, unreachable
from storage.sealed import opened

CLOSED = "closed"
"""The counter that is 1 where only those may use the bot whom operators let in."""
NOT_ADMITTED = "dropped: whoever it was for may not use the bot"
DECLINED = "dropped: whoever it was for wants no announcements"
"""Why something was not sent, as it is taken down."""

# Who is named in an update, or in the text of one that is no JSON, kept with its quotes escaped.
_NUMBER = re.compile(r'"id\\?"\s*:\s*(-?[0-9]{1,19})(?![0-9])')
_NAME = re.compile(r'"username\\?"\s*:\s*\\?"([A-Za-z0-9_]{1,64})')
_UPDATES_AT_ONCE = 200
_WAITING = (OutboxState.PENDING, OutboxState.HELD)
_FOR_A_NAME = and_(outbox.c.state == OutboxState.HELD, outbox.c.not_before.is_(None))


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


async def drop_shut_out(connection: Transaction, *bounds: ColumnElement[bool], named: bool = False) -> None:
    """Drop what waits to be sent unasked to whoever may not use the bot.

    What waits for those of whom that cannot be told yet is held, and what was is let go where it can be.

    Args:
        connection: Of the transaction.
        *bounds: Of which messages.
        named: The names are known of those whom it is about, where they have any.
    """
    unasked, waits = _begins(*UNASKED), outbox.c.state == OutboxState.PENDING
    unnamed = false() if named else _unnamed(_receiver())
    await _drop(connection, NOT_ADMITTED, unasked, ~may_use(_receiver()), ~unnamed, *bounds)
    held = update(outbox).where(waits, unasked, unnamed, *bounds)
    await connection.execute(held.values(state=OutboxState.HELD, not_before=None))
    free = update(outbox).where(_FOR_A_NAME, may_use(_receiver()), *bounds)
    await connection.execute(free.values(state=OutboxState.PENDING))


async def waiting_for_a_name(connection: Transaction) -> int:
    """For how many chats something is held until their names are known."""
    return int(await connection.scalar(select(func.count(outbox.c.chat_id.distinct())).where(_FOR_A_NAME)) or 0)


async def drop_declined(connection: Transaction, *bounds: ColumnElement[bool]) -> None:
    """The same of announcements to whoever wants none."""
    declined = exists().where(declined_broadcasts.c.reader_id == _receiver())
    await _drop(connection, DECLINED, _begins(BROADCAST), declined, *bounds)


async def may_be_kept(connection: Transaction, payload: str) -> bool:
    """Whether an update that could not be read may be kept as it came: nobody in it is shut out.

    It is not to be told whom it is from: all who are named in it are taken together, and where nobody is, everybody.
    """
    named = _named_in(payload)
    said: dict[str, set[str]] = {Verdict.ALLOWED: set(), Verdict.BLOCKED: set()}
    some: ColumnElement[bool]
    for some in (
        [access.c.who.in_(chunk) for chunk in chunks(named)] if named else [access.c.verdict == Verdict.BLOCKED]
    ):
        for row in await connection.execute(select(access.c.who, access.c.verdict).where(some)):
            said[row.verdict].add(row.who)
    return _may_be_kept(named, said, closed=bool(await counter(connection, CLOSED)))


async def empty_unread(connection: Transaction, *bounds: ColumnElement[bool]) -> None:
    """Of updates of whoever may not use the bot that were set aside keep nothing but that there was one."""
    closed = bool(await counter(connection, CLOSED))
    said: dict[str, set[str]] = {Verdict.ALLOWED: set(), Verdict.BLOCKED: set()}
    for row in await connection.execute(select(access.c.who, access.c.verdict)):
        said[row.verdict].add(row.who)
    if not closed and not said[Verdict.BLOCKED]:
        return
    unread = select(inbox.c.id, inbox.c.update_id, inbox.c.payload).where(
        inbox.c.state == InboxState.QUARANTINED, inbox.c.payload != "", *bounds
    )
    last, more = 0, True
    while more:
        page = unread.where(inbox.c.id > last).order_by(inbox.c.id).limit(_UPDATES_AT_ONCE)
        rows = (await connection.execute(page)).all()
        plain = await opened(connection, rows, inbox, lost="")
        theirs = [row.id for row in plain if not _may_be_kept(_named_in(row.payload), said, closed=closed)]
        if theirs:
            await connection.execute(update(inbox).where(inbox.c.id.in_(theirs)).values(payload="", chat_id=None))
        more = len(rows) == _UPDATES_AT_ONCE
        last = rows[-1].id if rows else last


def _named_in(payload: str) -> Sequence[str]:
    """All who are named in an update, as operators may call them."""
    named = [f"telegram:{number}" for number in _NUMBER.findall(payload)]
    named += [f"@{name.lower()}" for name in _NAME.findall(payload)]
    return list(dict.fromkeys(named))


def _may_be_kept(named: Sequence[str], said: Mapping[str, AbstractSet[str]], *, closed: bool) -> bool:
    """Whether nobody of these is shut out by what operators say, by verdict; where nobody is named, anybody."""
    blocked, allowed = said[Verdict.BLOCKED], said[Verdict.ALLOWED]
    if not named:
        return not blocked and not closed
    return blocked.isdisjoint(named) and (not closed or not allowed.isdisjoint(named))


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


def _unnamed(reader: ColumnElement[str]) -> ColumnElement[bool]:
    """Holds for those who would be let in if they had one of the names that are, and whose name is not known."""
    names = exists().where(access.c.verdict == Verdict.ALLOWED, access.c.who.like("@%"))
    known = exists().where(reader_names.c.reader_id == reader)
    blocked = _said(reader, Verdict.BLOCKED)
    return and_(~may_use(reader), names, ~known, *(~each for each in blocked))


def _is_topic(reader: ColumnElement[str]) -> ColumnElement[bool]:
    # There are few of these, and for them alone what is said of others is looked through.
    return reader.like("telegram:-%:%")
