"""`tidings serve`: the Telegram side, put together from flows and stores that are already built.

Starts with what an earlier process left, ends within a few seconds of being asked, and loses nothing between.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine, Mapping
from typing import TypeVar
from urllib.parse import urlsplit

from bot.messenger.wire.bot_api import BotApi
from bot.messenger.wire.line import who_it_is
from bot.messenger.wire.receiving import WEBHOOK_PATH, webhook_address
from bot.messenger.wire.updates import Webhook
from bot.serve.rooms import Rooms, Serving, Together
from bot.serve.talk import Talk
from bot.server import HttpServer, application
from storage.errors import TidingsError

__all__ = ["Rooms", "Serving", "Talk", "Together", "serve", "serve_until_signalled"]

T = TypeVar("T")

_LOG = logging.getLogger(__name__)


async def serve(how: Serving, rooms: Rooms, stop: asyncio.Event) -> None:
    """Serve until `stop` is set.

    Raises:
        SettingsError: The token, the webhook or the port cannot be used, or another process has them.
    """
    address = webhook_address(how.webhook_url, how.webhook_secret)
    api = BotApi(token=how.token, base_url=how.api_base_url)
    arrived, introduced = asyncio.Event(), asyncio.Event()

    async def ready() -> Mapping[str, bool]:
        return {**await rooms.ready(), "telegram": introduced.is_set()}

    try:
        http = HttpServer(
            application(
                ready=ready,
                webhook=None if address is None or not how.role.receives else _webhook(how, rooms, arrived),
                webhook_path=WEBHOOK_PATH if address is None else urlsplit(address).path,
                metrics=rooms.metrics,
            ),
            host=how.http_host,
            port=how.http_port,
        )
        _LOG.info("listening", extra={"host": how.http_host, "port": http.port})
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(http.run(), name="http")
            # Beside all else that ends then, for what is under way may take as long as that.
            closing = tasks.create_task(_when(stop, http.stop), name="closing")
            health = _health(how.http_host, http.port)
            me = await _unless(
                stop, who_it_is(api, lambda: rooms.tell(f"waiting for Telegram, which does not answer; {health}"))
            )
            if me is not None:
                introduced.set()
                rooms.tell(f"serving @{me.username}; {health}")
                await Talk(how=how, rooms=rooms, api=api, me=me, arrived=arrived).run(address, stop)
            closing.cancel()
            http.stop()
    except BaseExceptionGroup as errors:
        raise _first(errors) from None
    finally:
        await api.close()


async def serve_until_signalled(how: Serving, rooms: Rooms) -> None:
    """`serve` until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(how, rooms, stop)


def _health(host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"health is on http://{shown}:{port}/healthz, TIDINGS_LOG_LEVEL=INFO says more, Ctrl-C stops it"


def _webhook(how: Serving, rooms: Rooms, arrived: asyncio.Event) -> Webhook:
    return Webhook(secret=how.webhook_secret or "", inbox=rooms.inbox, clock=rooms.clock, arrived=arrived.set)


async def _when(stop: asyncio.Event, do: Callable[[], None]) -> None:
    await stop.wait()
    do()


async def _unless(stop: asyncio.Event, coroutine: Coroutine[None, None, T]) -> T | None:
    """What `coroutine` gives, or `None` if `stop` is set first."""
    work, stopped = asyncio.ensure_future(coroutine), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
        return work.result() if work.done() else None
    finally:
        work.cancel()
        stopped.cancel()


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """The one error to show: one that Tidings foresaw where there is one."""
    foreseen = errors.subgroup(TidingsError)
    error: BaseException = foreseen or errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
