"""Who may use the bot, as the settings of this process say: settled for all who share its database."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.console import counted
from storage.access import AccessStore
from storage.leases import LeaseStore

if TYPE_CHECKING:
    from bot.app import App

_LOG = logging.getLogger(__name__)
_RULES = "rules:"
"""What the names of rules that a process answers by begin with."""


async def settle(app: App, tell: Callable[[str], None], name: str | None) -> None:
    """Let what the settings say of who may use the bot hold from now on.

    Args:
        app: The process that answers.
        tell: Takes a line where others that share the database answer by other rules: those that were settled last
            hold for all.
        name: This process's among those that share the database; `None` where none do.
    """
    settings = app.settings
    access = AccessStore(app.database)
    unnamed = await access.settle(
        settings.listings, app.clock(), closed=settings.telegram_closed, admins=settings.admins
    )
    if unnamed:
        tell(
            f"what waits for {counted(unnamed, 'chat')} is held until they write: TELEGRAM_ALLOW names readers, and it "
            "is not known how these are called; list their numbers to let it go now"
        )
    if name is None:
        return
    said = sorted(f"{each.verdict} {each.who}" for each in settings.listings)
    words = "\n".join([*said, *sorted(settings.admins), f"closed: {settings.telegram_closed}"])
    mine = f"{_RULES}{hashlib.sha256(words.encode()).hexdigest()[:16]}:"
    shelf = LeaseStore(app.database, name)
    await shelf.beat()
    await shelf.take(mine + name)
    others = [each for each in await shelf.held(_RULES) if not each.startswith(mine)]
    if others:
        _LOG.warning("other rules of who may use the bot", extra={"processes": len(others)})
        tell(
            f"who may use the bot is now as this process's settings say; {len(others)} more that answer were started "
            "with others: give all the same TELEGRAM_ADMINS, _CLOSED, _ALLOW and _BLOCK, and restart them"
        )
