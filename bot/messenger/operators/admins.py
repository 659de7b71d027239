"""Whether whoever speaks administers the chat they speak in. Asks Telegram, and believes it for a little."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus

from bot.messenger.incoming.events import Origin
from bot.messenger.wire.bot_api import Accepted, Caller, Refused

KEPT_SECONDS = 60.0
"""How long an answer is believed: who was dismissed can do as much harm for so long."""
_MOST_KEPT = 1_000
_DEADLINE_SECONDS = 5.0
_ADMINISTRATORS = frozenset(("creator", "administrator"))
_NO_MEMBER = ("member not found", "user_not_participant")
"""How Telegram says that somebody is not in a chat. That it finds no such user it says of administrators, too, where
members are hidden from a bot that is none."""


class Admins:
    """Tells who administers a group.

    Args:
        seconds: A clock that only goes forward.
    """

    def __init__(self, api: Caller, seconds: Callable[[], float] = time.monotonic) -> None:
        self._api, self._seconds = api, seconds
        self._known: dict[tuple[int, int], tuple[bool, float]] = {}

    async def administers(self, origin: Origin) -> bool | None:
        """Whether they do; `None` where Telegram does not say, which it is asked again the next time.

        Who speaks as the group, or in a channel, does; who speaks as another chat does not, as far as anybody can tell.
        """
        if origin.anonymous:
            return True
        person = int(origin.reader.partition(":")[2])
        if person <= 0:
            return False
        asked, now = (origin.chat_id, person), self._seconds()
        held = self._known.get(asked)
        if held is not None and now < held[1]:
            return held[0]
        told = await self._told(*asked)
        if told is not None:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[asked] = (told, now + KEPT_SECONDS)
        return told

    async def _told(self, chat_id: int, person: int) -> bool | None:
        fields = {"chat_id": chat_id, "user_id": person}
        outcome = await self._api.call("getChatMember", fields, read_timeout=_DEADLINE_SECONDS)
        match outcome:
            case Accepted(result=dict(member)):
                return member.get("status") in _ADMINISTRATORS
            case Refused(code=HTTPStatus.BAD_REQUEST, description=said) if any(
                each in said.lower() for each in _NO_MEMBER
            ):
                return False
            case _:
                return None
