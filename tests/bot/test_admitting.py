from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import pytest

from bot.app.admitting import settle
from storage.access import AccessStore
from storage.database import Database
from storage.domain.access import Listing, Source, Verdict
from storage.leases import LeaseStore
from tests.storage.examples import EPOCH


@dataclass
class _Settings:
    listings: tuple[Listing, ...] = ()
    telegram_closed: bool = False
    admins: frozenset[str] = frozenset()


@dataclass
class _App:
    database: Database
    settings: _Settings = field(default_factory=_Settings)

    def clock(self) -> datetime:
        return EPOCH


@pytest.mark.parametrize("gone", [True, False])
async def test_whoever_answers_is_told_where_others_do_by_other_rules(database: Database, gone: bool) -> None:
    blocked = (Listing(who="telegram:7", verdict=Verdict.BLOCKED, source=Source.SETTINGS),)
    told: list[str] = []

    async def start(name: str, **said: Any) -> None:
        await settle(cast(Any, _App(database, _Settings(**said))), told.append, name)

    await start("ada", listings=blocked)
    await start("ben", listings=blocked)
    alike = list(told)
    if gone:
        for name in ("ada", "ben"):
            await LeaseStore(database, name).leave()
    await start("eve", telegram_closed=True)

    assert alike == []
    assert ["2 more that answer" in line for line in told] == ([] if gone else [True])
    assert await AccessStore(database).listed() == ()
