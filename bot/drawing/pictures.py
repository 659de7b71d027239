"""Pictures for readers, drawn beside everything else as what they belong to is written, and never waited for long.

What cannot be drawn, or not in time, is logged by its kind; its reader has the words.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import tzinfo
from functools import partial
from io import BytesIO
from typing import IO

from retrieval.owner import OwnerThread
from storage.domain.interests import Interests
from storage.domain.stories import Page

_LOG = logging.getLogger(__name__)

DEADLINE_SECONDS = 5.0
"""How long words wait for their picture: one takes a third of a second, the first of a process two."""
FEWEST_INTERESTS = 2
"""Bars are told apart by their lengths: one alone shows nothing."""


class Pictures:
    """Draws one picture after the other, on a thread of its own.

    Args:
        deadline_seconds: How long a picture may take, waiting for others included.
    """

    def __init__(self, deadline_seconds: float = DEADLINE_SECONDS) -> None:
        self._deadline = deadline_seconds
        self._owner = OwnerThread("pictures")

    async def of_page(self, page: Page, language: str, zone: tzinfo) -> tuple[bytes, ...]:
        """The picture (PNG) of when, by `zone`, which outlet told of a story; none where it would show nothing."""
        from bot.drawing.trend import draw_trend, shows_something

        opened = page.opened
        if page.refused or opened is None or not shows_something(opened.story.reports):
            return ()
        return await self._drawn(
            partial(draw_trend, opened.title, opened.story.reports, language=language, zone=zone), "trend"
        )

    async def of_interests(self, known: Interests, language: str) -> tuple[bytes, ...]:
        """The picture (PNG) of what a reader cares about; none where it would show nothing."""
        from bot.drawing.profile import draw_profile

        if len(known.liked) < FEWEST_INTERESTS:
            return ()
        return await self._drawn(partial(draw_profile, known.liked, language=language), "profile")

    def close(self) -> None:
        """Wait for the picture under way, and draw no other."""
        self._owner.close()

    async def _drawn(self, draw: Callable[[IO[bytes]], None], what: str) -> tuple[bytes, ...]:
        target = BytesIO()
        try:
            async with asyncio.timeout(self._deadline):
                await self._owner.run(draw, target)
        except Exception as error:  # noqa: BLE001 - the boundary of one picture: whatever it is, the words go out
            _LOG.warning("picture not drawn", extra={"picture": what, "error": type(error).__name__})
            return ()
        return (target.getvalue(),)
