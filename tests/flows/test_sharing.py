from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.flows.sharing import SHARED_FOR, Sharing

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@dataclass(slots=True)
class Workshop:
    """Makes things, and counts them."""

    now: datetime = NOON
    made: list[str] = field(default_factory=list)

    @property
    def sharing(self) -> Sharing[str, str]:
        return Sharing(clock=lambda: self.now, most=2)

    async def make(self, name: str) -> str:
        await asyncio.sleep(0)
        self.made.append(name)
        return f"{name} {len(self.made)}"


async def test_all_who_ask_within_a_minute_get_what_was_made_once() -> None:
    shop = Workshop()
    sharing = shop.sharing

    found = await asyncio.gather(*(sharing.get("a", lambda: shop.make("a")) for _ in range(3)))
    shop.now += SHARED_FOR - timedelta(seconds=1)
    later = await sharing.get("a", lambda: shop.make("a"))

    assert [*found, later] == ["a 1"] * 4


@pytest.mark.parametrize("passed", [SHARED_FOR, -timedelta(hours=1)])
async def test_what_is_older_or_by_a_clock_that_was_wrong_is_made_anew(passed: timedelta) -> None:
    shop = Workshop()
    sharing = shop.sharing
    await sharing.get("a", lambda: shop.make("a"))
    shop.now += passed

    assert await sharing.get("a", lambda: shop.make("a")) == "a 2"


async def test_only_so_many_things_are_held_and_the_first_goes_first() -> None:
    shop = Workshop()
    sharing = shop.sharing
    for name in ("a", "b", "c", "b", "a"):
        await sharing.get(name, lambda name=name: shop.make(name))  # type: ignore[misc]  # bound as it is made

    assert shop.made == ["a", "b", "c", "a"]


async def test_what_is_not_worth_it_is_not_held() -> None:
    shop = Workshop()
    sharing: Sharing[str, str] = Sharing(clock=lambda: shop.now, most=2, holds=lambda made: made != "a 1")

    for _ in range(3):
        await sharing.get("a", lambda: shop.make("a"))

    assert shop.made == ["a", "a"]


async def test_what_fails_is_not_held() -> None:
    shop = Workshop()
    sharing = shop.sharing

    async def fails() -> str:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await sharing.get("a", fails)

    assert await sharing.get("a", lambda: shop.make("a")) == "a 1"
