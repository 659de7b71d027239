from __future__ import annotations

from typing import cast

import pytest

from bot.flows.ports import Feeds, Gather
from bot.flows.sources import Sources
from bot.texts import catalogue
from storage.domain.people import ReaderId
from storage.errors import InputError
from tests.bot.flows import AnyFeed


async def test_removing_nothing_asks_which() -> None:
    sources = Sources(feeds=cast(Feeds, None), gather=cast(Gather, AnyFeed()))

    with pytest.raises(InputError, match="say which") as refusal:
        await sources.remove(ReaderId("terminal:ada"), " ")

    assert catalogue("en")[str(refusal.value.key)].startswith("Tell me which one")
