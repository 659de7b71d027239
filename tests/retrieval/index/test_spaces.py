from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.index import spaces as module
from retrieval.index.generations import GRACE
from retrieval.index.spaces import LivingSpaces
from retrieval.ports import Encoder
from storage.errors import EncoderUnavailable, StorageBusy
from tests.fakes import HashingEncoder, InMemoryEncoders
from tests.retrieval.index.keeper import Room, ignore, model_of


class Gated(HashingEncoder):
    """Loads when it is told to, and not at all while it is broken."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name, dimensions=32)
        self.asked, self.gate, self.broken = 0, asyncio.Event(), False

    async def encode_query(self, text: str) -> NDArray[np.float32]:
        self.asked += 1
        await self.gate.wait()
        if self.broken:
            raise EncoderUnavailable(self.name, "is not there")
        return await super().encode_query(text)


class Busy(InMemoryEncoders):
    """A record that cannot be read."""

    async def kept(self) -> object:  # type: ignore[override] # never returns
        raise StorageBusy("database: is locked")


@pytest.fixture
def looking(monkeypatch: pytest.MonkeyPatch) -> None:
    """The record is looked at with every search."""
    monkeypatch.setattr(module, "_LOOK_EVERY_SECONDS", 0.0)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - turns of the loop, not of a clock
            await asyncio.sleep(0)


async def level(room: Room) -> None:
    await room.keeper.sync(ignore)


async def switch_elsewhere(room: Room, encoder: Encoder) -> None:
    """What another process leaves when it has switched."""
    (passage, *_) = (await room.corpus.changes(0, 1)).added
    await room.corpus.store_vectors(encoder.name, [passage.id], np.ones((1, 32), dtype=np.float32))
    await room.encoders.serve(model_of(encoder), room.now)


async def name(spaces: LivingSpaces) -> str:
    return (await spaces.current()).encoder.name


async def test_a_new_instance_searches_with_the_encoder_the_settings_name_and_loads_it_with_the_first(
    tmp_path: Path,
) -> None:
    room, wanted = Room(tmp_path), Gated("wanted")
    room.opener.add(wanted)

    spaces, _ = room.started(wanted)

    assert await name(spaces) == "wanted"
    assert wanted.asked == 0


async def test_a_process_with_new_settings_searches_with_the_encoder_on_record(tmp_path: Path) -> None:
    room, wanted = Room(tmp_path), Gated("wanted")
    room.opener.add(wanted)
    await level(room)

    spaces, _ = room.started(wanted)

    assert await name(spaces) == "hashing"
    assert wanted.asked == 0, "what is wanted is not even loaded for a search"


async def test_where_the_encoder_on_record_cannot_be_loaded_searches_turn_to_the_wanted_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    old, wanted = Gated("old"), HashingEncoder(name="wanted")
    old.gate.set()
    room = Room(tmp_path, encoder=old)
    room.opener.add(wanted)
    await level(room)
    old.broken = True

    spaces, _ = room.started(wanted)

    with caplog.at_level(logging.WARNING):
        assert await name(spaces) == "wanted"
        await spaces.plan()
    assert [record.message for record in caplog.records] == ["encoder_on_record_not_usable"]


@pytest.mark.usefixtures("looking")
async def test_a_switch_in_another_process_is_followed_once_the_model_is_loaded(tmp_path: Path) -> None:
    room, wanted = Room(tmp_path), Gated("wanted")
    room.opener.add(wanted)
    await level(room)
    reader, _ = room.started(room.encoder)
    before = await reader.current()

    await switch_elsewhere(room, wanted)
    await reader.current()
    await until(lambda: wanted.asked > 0)
    during = await name(reader)
    wanted.gate.set()
    await until(lambda: reader._looking is None)

    assert before.encoder is room.encoder
    assert during == "hashing", "searches go on with the old one while the new one is being loaded"
    assert await name(reader) == "wanted"
    await reader.close()


async def test_a_process_that_was_idle_until_its_encoder_may_be_gone_looks_before_it_searches(tmp_path: Path) -> None:
    room, wanted = Room(tmp_path), Gated("wanted")
    room.opener.add(wanted)
    await level(room)
    reader, _ = room.started(room.encoder)
    await reader.current()
    await switch_elsewhere(room, wanted)

    before = await name(reader)
    room.now += GRACE / 2
    searches = [asyncio.create_task(name(reader)) for _ in range(2)]
    await until(lambda: wanted.asked > 0)
    late = asyncio.create_task(name(reader))
    await asyncio.sleep(0)
    wanted.gate.set()

    assert before == "hashing"
    assert await asyncio.gather(*searches, late) == ["wanted"] * 3
    await reader.close()


async def test_a_process_that_was_idle_searches_with_what_it_has_where_the_record_cannot_be_read(
    tmp_path: Path,
) -> None:
    room, wanted = Room(tmp_path), HashingEncoder(name="wanted", dimensions=32)
    room.opener.add(wanted)
    await level(room)
    reader, _ = room.started(room.encoder)
    await reader.current()
    await switch_elsewhere(room, wanted)
    room.now += GRACE / 2

    reader._encoders = Busy(room.corpus)
    during = await name(reader)
    reader._encoders = room.encoders

    assert during == "hashing"
    assert await name(reader) == "wanted", "the next search looks again"
    await reader.close()


@pytest.mark.usefixtures("looking")
async def test_a_switch_to_what_cannot_be_loaded_here_leaves_searches_where_they_are(tmp_path: Path) -> None:
    room, wanted = Room(tmp_path), Gated("wanted")
    wanted.broken = True
    wanted.gate.set()
    room.opener.add(wanted)
    await level(room)
    reader, _ = room.started(room.encoder)
    await reader.current()
    await switch_elsewhere(room, wanted)

    for _ in range(3):
        await reader.current()
        await until(lambda: reader._looking is None)

    assert await name(reader) == "hashing"
    assert wanted.asked
    await reader.close()


@pytest.mark.usefixtures("looking")
async def test_a_database_that_cannot_be_read_for_a_while_leaves_searches_where_they_are(tmp_path: Path) -> None:
    room = Room(tmp_path)
    await level(room)
    reader, _ = room.started(room.encoder)
    await reader.current()
    reader._encoders = Busy(room.corpus)

    await reader.current()
    await until(lambda: reader._looking is None)

    assert await name(reader) == "hashing"
    await reader.close()


async def test_one_search_after_another_does_not_ask_the_database_each_time(tmp_path: Path) -> None:
    class Counting(InMemoryEncoders):
        asked = 0

        async def kept(self) -> object:  # type: ignore[override] # the same, counted
            self.asked += 1
            return await super().kept()

    room = Room(tmp_path)
    record = Counting(room.corpus)
    room.encoders = record
    spaces, _ = room.started(room.encoder)

    await asyncio.gather(*(spaces.current() for _ in range(50)))

    assert record.asked == 1


async def test_closing_lets_go_of_every_space_that_was_opened(tmp_path: Path) -> None:
    room = Room(tmp_path)
    encoders: list[Encoder] = [HashingEncoder(name=each) for each in ("x", "y", "never used")]
    for encoder in encoders:
        room.opener.add(encoder)
    for encoder in encoders[:2]:
        room.spaces.space(model_of(encoder))

    room.spaces.release(model_of(encoders[0]))
    released = list(room.opener.closed)
    await room.spaces.close()

    assert released == ["x"]
    assert room.opener.closed == ["x", "y"]
