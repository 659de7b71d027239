"""Takes what Telegram has for the bot: asks for it, which one process does at a time, or has it posted to any."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.messenger.ports import Inbox
from bot.messenger.wire.bot_api import BotApi, Json
from bot.messenger.wire.leases import Alone, Losing, alone
from bot.messenger.wire.line import until_accepted
from bot.messenger.wire.updates import ALLOWED_UPDATES, Polling, ReceivedElsewhere
from storage.domain.times import Clock
from storage.errors import SettingsError

_LOG = logging.getLogger(__name__)
WEBHOOK_PATH = "/telegram/webhook"
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_POLLING = "polling"
_AGAIN_SECONDS = 0.25
"""How soon another process asks where the one that did is no more."""
_STAND_BY_SECONDS = 3.0
"""How long a process leaves it to others where Telegram says that one of them asks as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiving:
    """What it takes is in the inbox before Telegram is told that it arrived.

    Args:
        secret: What Telegram is to repeat with each call.
        arrived: Called when something new is in the inbox.
    """

    api: BotApi
    inbox: Inbox
    clock: Clock
    arrived: Callable[[], None]
    leases: Losing
    secret: str | None

    async def run(self, address: str | None) -> None:
        """Ask until cancelled; or tell Telegram once where to post.

        Raises:
            SettingsError: Another process receives the bot's updates and shares nothing with this one, or Telegram
                takes neither token nor address.
        """
        if address is None:
            while True:
                await alone(self.leases, _POLLING, self._poll, again_in=_AGAIN_SECONDS)
                await asyncio.sleep(_STAND_BY_SECONDS)
        fields: dict[str, Json] = {
            "url": address,
            "secret_token": self.secret,
            "allowed_updates": ALLOWED_UPDATES,
            "drop_pending_updates": False,
        }
        await until_accepted(self.api, "setWebhook", fields, "TELEGRAM_WEBHOOK_URL")

    async def _poll(self) -> None:
        await until_accepted(self.api, "deleteWebhook", {"drop_pending_updates": False}, "TELEGRAM_API_BASE_URL")
        try:
            await Polling(api=self.api, inbox=self.inbox, clock=self.clock, arrived=self.arrived).run()
        except ReceivedElsewhere as error:
            # Of those that share, another may have begun before this one knew that it was not believed to be there.
            if isinstance(self.leases, Alone):
                raise
            _LOG.warning("updates are received by another process", extra={"reason": str(error)})


def webhook_address(url: str | None, secret: str | None) -> str | None:
    """Where Telegram shall post; `None` is long polling.

    Raises:
        SettingsError: Nothing that is posted could be told from what others post.
    """
    if url is None:
        return None
    if secret is None or not _SECRET.fullmatch(secret):
        raise SettingsError("TELEGRAM_WEBHOOK_SECRET", "with a webhook it must be 1 to 256 of A-Z a-z 0-9 _ -")
    return url if urlsplit(url).path not in {"", "/"} else url.rstrip("/") + WEBHOOK_PATH
