"""How a command runs its work: settings read once, the instance opened, closed whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.app import App

json_option = click.option("as_json", "--json", is_flag=True, help="Print one JSON object and nothing else.")


def run(
    work: Callable[[App], Awaitable[int]],
    *,
    loop: Callable[[], asyncio.AbstractEventLoop] | None = None,
    told: Collection[str] = (),
) -> int:
    """The exit status of `work`, done on the opened instance; in the loop that is made so, if not in Python's own.

    Log messages in `told` are not written, for `work` prints what they tell.
    """
    from bot.app import open_app
    from bot.logs import configure
    from bot.settings import load_settings

    settings = load_settings()
    configure(settings.log_level, settings.secrets, told)

    async def opened() -> int:
        async with open_app(settings) as app:
            return await work(app)

    with asyncio.Runner(loop_factory=loop) as runner:
        return runner.run(opened())
