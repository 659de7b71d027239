"""What is told unasked, as messages: the updates of what readers follow, and their digests. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.flows.schedule import in_time, is_night
from bot.messenger.incoming.buttons import buttoned, ref
from bot.messenger.paragraphs import render
from bot.messenger.paragraphs.about import of_update
from bot.messenger.paragraphs.digests import rendered, things
from bot.messenger.paragraphs.markup import said
from bot.messenger.wire.bot_api import Json
from storage.domain.deliveries import BREAKING, DIGEST, NOTICE, OutboxMessage
from storage.domain.digests import Digest, DigestSettings, WhenEmpty
from storage.domain.feedback import About, Offer
from storage.domain.follows import Update
from storage.domain.people import ReaderId

READERS = "telegram:"
"""What the ids of those begin with who are told here; the number of a chat follows, and that of a topic in it."""


def notices(told: Update) -> tuple[OutboxMessage, ...]:
    """The messages that tell an update to its reader, with buttons where it tells of something.

    Their keys name the follow and the time, to which it moves as they are enqueued: no second update has them.
    """
    cause = f"{NOTICE}{told.follow.id}-{told.at.timestamp():.6f}"
    messages = _messages(cause, told.follow.reader, render.update(told), told.at, silent=told.at_night)
    told_of = of_update(told)
    if not told_of:
        return messages
    follow = told.follow
    about = About(ref=ref(cause), reader=follow.reader, language=follow.language, things=told_of, offers=(Offer.BRIEF,))
    return buttoned(messages, about)


def digest_messages(digest: Digest, settings: DigestSettings) -> tuple[OutboxMessage, ...]:
    """The messages that give a digest at its hour; none where nothing is new and that is not to be said.

    Their keys name the reader and the hour: no second digest has them.
    """
    if not digest.items and settings.when_empty is WhenEmpty.SILENCE:
        return ()
    return _listed(DIGEST, digest, settings, "digest_slot_title")


def breaking(digest: Digest, settings: DigestSettings) -> tuple[OutboxMessage, ...]:
    """The messages that tell breaking news; their keys name the reader and the story."""
    return _listed(BREAKING, digest, settings, "breaking_title")


def _listed(kind: str, digest: Digest, settings: DigestSettings, title: str) -> tuple[OutboxMessage, ...]:
    if digest.slot is None:
        raise ValueError("what is sent unasked has an hour")
    reader = settings.reader
    cause = f"{kind}{reader}-{digest.slot.name}"
    parts = rendered(digest, ZoneInfo(settings.timetable.zone), title)
    until, silent = in_time(settings.timetable, digest.at), is_night(settings.timetable, digest.at)
    messages = _messages(cause, reader, parts, digest.at, until, silent=silent)
    if not digest.items:
        return messages
    offers = _offers(reader, Offer.BRIEF, Offer.FOLLOW)
    about = About(ref=ref(cause), reader=reader, language=digest.language, things=things(digest), offers=offers)
    return buttoned(messages, about)


def _messages(
    cause: str,
    reader: ReaderId,
    parts: Sequence[str],
    at: datetime,
    until: datetime | None = None,
    *,
    silent: bool = False,
) -> tuple[OutboxMessage, ...]:
    """To the reader's chat, under keys that begin with their cause; not sent any more from `until` on."""
    chat, _, thread = reader.removeprefix(READERS).partition(":")
    where: dict[str, Json] = {"message_thread_id": int(thread)} if thread else {}
    if silent:
        where["disable_notification"] = True
    return tuple(
        OutboxMessage(
            key=f"{cause}:{number}",
            chat_id=int(chat),
            method="sendMessage",
            payload=json.dumps({**said(part), **where}),
            created_at=at,
            expires_at=until,
        )
        for number, part in enumerate(parts, start=1)
    )


def _offers(reader: ReaderId, *offers: Offer) -> tuple[Offer, ...]:
    """Those that are of use where it is told: in a group, whose number is negative, anybody may tap."""
    group = reader.removeprefix(READERS).startswith("-")
    return tuple(each for each in offers if not (group and each is Offer.FOLLOW))
