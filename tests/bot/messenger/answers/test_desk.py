"""How much of what people hand over is read at once."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from bot.messenger.answers.desk import IN_LINE, OF_ONE, Desk
from bot.messenger.incoming.readables import File
from storage.domain.people import ReaderId
from storage.domain.why import Why
from storage.errors import FetchError
from tests.bot.messenger.handled import GROUP, ORIGIN, Bot, said

ADA, BEN = ReaderId("telegram:7"), ReaderId("telegram:8")


class Readings:
    """Things that are being read until they may end."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.may_end = desk, asyncio.Event()
        self.now, self.most = Counter[ReaderId](), Counter[str]()

    async def read(self, reader: ReaderId) -> None:
        async with self.desk.place(reader, "it"):
            self.now[reader] += 1
            self.most["all"] = max(self.most["all"], self.now.total())
            self.most[reader] = max(self.most[reader], self.now[reader])
            await self.may_end.wait()
            self.now[reader] -= 1

    async def all(self, *readers: ReaderId) -> list[Why]:
        """Why some of these were not read."""
        tasks = [asyncio.create_task(self.read(reader)) for reader in readers]
        await asyncio.sleep(0.01)
        self.may_end.set()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        return [end.why for end in ends if isinstance(end, FetchError)]


async def test_so_many_are_read_at_once_and_the_others_wait_their_turn() -> None:
    readings = Readings(Desk(at_once=3))

    refused = await readings.all(*(ReaderId(f"telegram:{n}") for n in range(IN_LINE)))

    assert refused == []
    assert readings.most["all"] == 3


async def test_whoever_comes_when_too_many_wait_is_told_so_and_may_come_again() -> None:
    readings = Readings(Desk())

    refused = await readings.all(*(ReaderId(f"telegram:{n}") for n in range(64)))

    assert refused == [Why.BUSY] * (64 - IN_LINE)
    assert await readings.all(ADA) == []


async def test_of_one_reader_one_after_another_whoever_else_is_read_meanwhile() -> None:
    readings = Readings(Desk())

    refused = await readings.all(ADA, ADA, ADA, BEN)

    assert refused == [Why.BUSY] * (3 - OF_ONE)
    assert (readings.most[ADA], readings.most["all"]) == (1, 2)


async def test_what_fails_or_is_cancelled_gives_its_place_back() -> None:
    desk = Desk(at_once=1, in_line=1)
    for _ in range(3):
        with pytest.raises(ValueError, match="broken"):
            async with desk.place(ADA, "it"):
                raise ValueError("broken")
    held = asyncio.create_task(Readings(desk).read(ADA))
    await asyncio.sleep(0)
    held.cancel()
    await asyncio.gather(held, return_exceptions=True)

    assert await Readings(desk).all(BEN) == []


@pytest.mark.parametrize("feeds", [False, True])
@pytest.mark.parametrize(
    ("language", "told"), [("en", "reading other things at the moment"), ("zh", "我正在读别的内容")]
)
async def test_a_reader_is_told_kindly_to_come_again_and_nothing_is_fetched(
    feeds: bool, language: str, told: str
) -> None:
    bot, group = Bot(), GROUP if feeds else ORIGIN
    what = File(id="x", name="a.opml", feeds=feeds)

    async with bot.handlers.desk.place(group.of_place.reader, "1"):
        waiting = asyncio.create_task(Readings(bot.handlers.desk).read(group.of_place.reader))
        await asyncio.sleep(0)
        decision = await bot.hand(what, language=language, origin=group)
        waiting.cancel()

    assert told in said(decision)
    assert bot.files.fetched == []
