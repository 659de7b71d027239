"""The beginning of the line to Telegram: who the bot is, and calls that are repeated until they are answered."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from http import HTTPStatus

from bot.messenger.incoming.events import Me
from bot.messenger.wire.bot_api import Accepted, Caller, Json, NotSent, Refused, Unknown
from storage.errors import SettingsError

_LOG = logging.getLogger(__name__)
_LONGEST_BACKOFF_SECONDS = 60.0


async def who_it_is(api: Caller, waiting: Callable[[], None]) -> Me:
    """Who the bot is, by its token; `waiting` is called once where Telegram does not answer at first.

    Raises:
        SettingsError: Telegram does not know the token.
    """
    result = await until_accepted(api, "getMe", {}, "TELEGRAM_API_BASE_URL", waiting)
    if isinstance(result, dict) and isinstance(result.get("id"), int):
        return Me(id=int(str(result["id"])), username=str(result.get("username", "")))
    raise SettingsError("TELEGRAM_API_BASE_URL", "what answers there is no Bot API server")


async def until_accepted(
    api: Caller, method: str, fields: Mapping[str, Json], setting: str, waiting: Callable[[], None] | None = None
) -> Json:
    """The result of a call that may be repeated, which it is until Telegram answers.

    Raises:
        SettingsError: Telegram refuses the token, or what is asked, which is then `setting`'s fault.
    """
    backoff = 1.0
    while True:
        outcome = await api.call(method, fields)
        match outcome:
            case Accepted(result=result):
                return result
            case Refused(code=HTTPStatus.UNAUTHORIZED | HTTPStatus.NOT_FOUND):
                raise SettingsError("TELEGRAM_BOT_TOKEN", "Telegram does not know this token")
            case Refused(retry_after=timedelta() as wait):
                await asyncio.sleep(wait.total_seconds())
            case Refused(description=description):
                raise SettingsError(setting, f"{method} was refused: {description}")
            case NotSent(reason=reason) | Unknown(reason=reason):
                if waiting is not None:
                    waiting()
                    waiting = None
                _LOG.warning("Telegram does not answer", extra={"method": method, "reason": reason})
                await asyncio.sleep(backoff * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, not a secret
                backoff = min(backoff * 2, _LONGEST_BACKOFF_SECONDS)
