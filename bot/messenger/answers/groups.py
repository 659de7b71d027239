"""Whose commands are whose where others listen: a group or channel has sources, interests and settings of its own.

What anybody may see of these anybody may have shown; only administrators change them; and what is somebody's own stays
between them and the bot. A topic of a forum is a group by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from bot.messenger.incoming.events import Commanded, Origin

_EVERYBODYS = frozenset(
    (
        "latest",
        "hot",
        "brief",
        "digest",
        "follows",
        "profile",
        "sources",
        "summary",
        "search",
        "start",
        "help",
        "privacy",
    )
)
_CHANGED_BY = frozenset(("digest",))
"""Those that change something where something is written after them."""
_OWN = frozenset(("export", "cancel"))
"""Those that are of one person, whoever they are."""


class Administers(Protocol):
    """Tells who administers a group."""

    async def administers(self, origin: Origin) -> bool | None:
        """Whether whoever speaks does; `None` where that cannot be told now."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Keeps apart what is whose."""

    admins: Administers

    async def refusal(self, origin: Origin) -> str | None:
        """Why somebody may not change what is the group's, as a key of the catalogue; `None` where they may."""
        administers = await self.admins.administers(origin)
        if administers is None:
            return "admins_unknown"
        return None if administers else "admins_only"

    async def admitted(self, event: Commanded) -> Commanded | str:
        """The command as the group's own; or the key of the sentence that says why it is not to be had."""
        if event.command in _OWN:
            return "own_data_private"
        shows = event.command in _EVERYBODYS and not (event.command in _CHANGED_BY and event.argument)
        refusal = None if shows else await self.refusal(event.origin)
        return refusal or replace(event, origin=event.origin.of_place)
