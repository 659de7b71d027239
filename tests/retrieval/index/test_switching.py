"""From one encoder to the next with searches going on, in memory; with real processes in `test_switching_killed`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from retrieval.index.generations import GRACE
from retrieval.index.lock import IndexLock
from retrieval.ports import Vectors
from retrieval.search.searcher import Searcher
from storage.domain.encoders import EncoderRole
from storage.domain.news import Changes, SearchRequest
from storage.errors import EncoderUnavailable, IndexDamaged, IndexUnavailable
from tests.fakes import HashingEncoder, InMemoryCorpus, InMemoryDense, make_passage
from tests.retrieval.index.keeper import Room, ignore

COMING, SERVING, RETIRED = EncoderRole.COMING, EncoderRole.SERVING, EncoderRole.RETIRED


class Wanted(HashingEncoder):
    """Another model than the room's: of another width, and doing `before` ahead of every batch."""

    def __init__(self, before: Callable[[], Awaitable[None]] | None = None) -> None:
        super().__init__(dimensions=256, name="wanted")
        self.before = before

    async def encode_documents(self, texts: Sequence[str]) -> Vectors:
        if self.before is not None:
            await self.before()
        return await super().encode_documents(texts)


class Unloadable(HashingEncoder):
    async def encode_documents(self, texts: Sequence[str]) -> Vectors:
        raise EncoderUnavailable(self.name, "is not there")


async def roles(room: Room) -> dict[str, EncoderRole]:
    return {each.model.name: each.role for each in await room.encoders.kept()}


async def found(room: Room, text: str) -> list[tuple[int, bool]]:
    """The ids of what a search finds, with whether its meaning was known."""
    searcher = Searcher(room.corpus, room.spaces, room.lexical)
    hits = (await searcher.search(SearchRequest(text=text))).hits
    return [(hit.passage.id, hit.similarity is not None) for hit in hits]


async def settled(folder: Path, n: int = 300) -> Room:
    """A room that is level with its first encoder."""
    room = Room(folder, n=n)
    await room.keeper.sync(ignore)
    return room


async def test_searches_move_once_the_wanted_encoder_has_everything(tmp_path: Path) -> None:
    room, wanted = await settled(tmp_path), Wanted()
    space = room.opener.add(wanted)

    report = await room.restart(wanted).switch(ignore)

    assert (report.switched_to, report.not_switched, report.encoded) == ("wanted", None, 300)
    assert (await room.spaces.current()).encoder is wanted
    assert await roles(room) == {"hashing": RETIRED, "wanted": SERVING}
    assert (await space.dense.count(), await space.dense.revision()) == (300, 300)
    assert (await found(room, "thing7"))[0] == (7, True)


async def test_taking_over_news_alone_moves_nothing(tmp_path: Path) -> None:
    room, wanted = await settled(tmp_path), Wanted()
    room.opener.add(wanted)
    room.corpus.save(make_passage(900, "late"))

    report = await room.restart(wanted).sync(ignore)

    assert (report.added, report.encoded, report.switched_to) == (1, 1, None)
    assert wanted.encoded == []
    assert await room.counts() == (301, 301)


async def test_news_that_comes_in_meanwhile_is_found_by_meaning_before_and_after(tmp_path: Path) -> None:
    looks: list[list[tuple[int, bool]]] = []

    async def search_and_add_news() -> None:
        looks.append(await found(room, "breaking story number 900"))
        if len(looks) == 1:
            room.corpus.save(make_passage(900, "breaking story number 900"))

    room, wanted = await settled(tmp_path), Wanted(search_and_add_news)
    room.opener.add(wanted)

    await room.restart(wanted).switch(ignore)

    assert [look[0][0] == 900 for look in looks] == [False, True, True]
    assert all(known for look in looks for _, known in look), "no search mixes the vectors of two encoders"
    assert (await found(room, "breaking story number 900"))[0] == (900, True)
    assert "breaking story number 900" in {*room.encoder.encoded} & {*wanted.encoded}


async def test_what_is_interrupted_resumes_and_encodes_nothing_twice(tmp_path: Path) -> None:
    async def stop_at_the_second() -> None:
        if stopping.encoded:
            raise asyncio.CancelledError

    room, stopping = await settled(tmp_path), Wanted(stop_at_the_second)
    space = room.opener.add(stopping)
    with pytest.raises(asyncio.CancelledError):
        await room.restart(stopping).switch(ignore)
    during = await roles(room), (await room.spaces.current()).encoder.name
    finishing = Wanted()
    room.opener.add(finishing, space.dense)

    report = await room.restart(finishing).switch(ignore)

    assert during == ({"hashing": SERVING, "wanted": COMING}, "hashing")
    assert report.encoded == 300 - 128
    assert report.switched_to == "wanted"
    assert await space.dense.count() == 300


async def test_a_wanted_encoder_that_cannot_be_loaded_is_reported_and_the_old_one_goes_on(tmp_path: Path) -> None:
    room, wanted = await settled(tmp_path), Unloadable(name="no-such-model")
    room.opener.add(wanted)
    room.corpus.save(make_passage(900, "late news"))
    keeper = room.restart(wanted)

    report = await keeper.switch(ignore)

    assert report.not_switched == "encoder no-such-model: is not there"
    assert (await found(room, "late news"))[0] == (900, True)
    assert await room.counts() == (301, 301)


async def test_a_running_instance_says_once_that_the_wanted_encoder_cannot_be_loaded(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Counting(Unloadable):
        tried = 0

        async def encode_documents(self, texts: Sequence[str]) -> Vectors:
            self.tried += 1
            return await super().encode_documents(texts)

    room, wanted = await settled(tmp_path, n=5), Counting(name="no-such-model")
    room.opener.add(wanted)

    task: asyncio.Task[object] = asyncio.create_task(room.restart(wanted).follow(ignore, timedelta(0)))
    async with asyncio.timeout(10):
        while wanted.tried < 4:  # noqa: ASYNC110 - turns of the loop, not of a clock
            await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == ["encoder_not_switched"]


async def test_an_index_of_the_wanted_encoder_that_cannot_be_written_leaves_the_old_one_serving(tmp_path: Path) -> None:
    class Full(InMemoryDense):
        async def apply(self, changes: Changes, vectors: Vectors) -> None:
            raise IndexUnavailable("dense", "No space left on device")

    room, wanted = await settled(tmp_path), Wanted()
    room.opener.add(wanted, Full())

    report = await room.restart(wanted).switch(ignore)

    assert report.not_switched == "dense index: No space left on device"
    assert (await room.spaces.current()).encoder is room.encoder


async def test_where_the_old_encoder_is_gone_the_wanted_one_takes_over_as_it_fills(tmp_path: Path) -> None:
    class Gone(HashingEncoder):
        async def encode_query(self, text: str) -> object:  # type: ignore[override] # never returns
            raise EncoderUnavailable(self.name, "is not there")

    room, wanted = await settled(tmp_path), Wanted()
    room.opener.add(Gone(), room.dense)
    room.opener.add(wanted)

    report = await room.restart(wanted).sync(ignore)

    assert report.encoded == 300
    assert (await room.spaces.current()).encoder is wanted
    assert await roles(room) == {"hashing": RETIRED, "wanted": SERVING}


async def test_a_process_that_does_not_own_the_indexes_switches_and_drops_nothing(tmp_path: Path) -> None:
    room, wanted = await settled(tmp_path), Wanted()
    room.opener.add(wanted)
    keeper = room.restart(wanted)
    room.lock.release()
    other = IndexLock(tmp_path / "index.lock")
    assert other.acquire()

    report, more = await keeper.switch(ignore), await keeper.tidy()
    other.release()

    assert report.held_elsewhere
    assert not more
    assert wanted.encoded == []


class Cleared(InMemoryDense):
    """Counts how often it was."""

    times = 0

    async def clear(self) -> None:
        self.times += 1
        await super().clear()


async def test_rebuilding_switches_with_what_searches_use_left_whole_until_then(tmp_path: Path) -> None:
    dense, wanted = Cleared(), Wanted()
    room = Room(tmp_path, n=40, dense=dense)
    await room.keeper.sync(ignore)
    space = room.opener.add(wanted)

    report = await room.restart(wanted).rebuild(ignore)

    assert report.rebuilt == ("lexical", "dense")
    assert report.switched_to == "wanted"
    assert dense.times == 0
    assert (await space.dense.count(), await room.counts()) == (40, (40, 40))


async def test_rebuilding_makes_anew_what_searches_go_on_to_use_where_there_is_no_switching(tmp_path: Path) -> None:
    dense, wanted = Cleared(), Unloadable(name="no-such-model")
    room = Room(tmp_path, n=40, dense=dense)
    await room.keeper.sync(ignore)
    room.opener.add(wanted)

    report = await room.restart(wanted).rebuild(ignore)

    assert report.not_switched
    assert dense.times == 1
    assert await room.counts() == (40, 40)


async def drop(room: Room) -> None:
    while await room.keeper.tidy():
        pass


async def test_what_the_old_encoder_leaves_is_dropped_once_no_search_can_be_using_it(tmp_path: Path) -> None:
    room, wanted = await settled(tmp_path, n=40), Wanted()
    space = room.opener.add(wanted)
    await room.restart(wanted).switch(ignore)

    await drop(room)
    before = room.corpus.encoders(), await room.dense.count()
    room.now += GRACE
    await drop(room)

    assert before == ({"hashing", "wanted"}, 40)
    assert (room.corpus.encoders(), await room.dense.count()) == ({"wanted"}, 0)
    assert await roles(room) == {"wanted": SERVING}
    assert room.opener.closed == ["hashing"]
    assert await space.dense.count() == 40
    assert (await found(room, "thing7"))[0] == (7, True)


class Asked(InMemoryCorpus):
    """Notes which id each step of forgetting vectors began after; `None` for the first."""

    def __init__(self, n: int) -> None:
        super().__init__([make_passage(i, f"story {i}") for i in range(n)])
        self.began: list[int | None] = []

    async def forget_vectors(self, encoder: str, *, after: int | None = None) -> int | None:
        self.began.append(after)
        return await super().forget_vectors(encoder, after=-1 if after is None else after)


async def left(folder: Path, corpus: Asked) -> Room:
    """A room whose first encoder may be dropped by now."""
    wanted = Wanted()
    room = Room(folder, corpus=corpus)
    await room.keeper.sync(ignore)
    room.opener.add(wanted)
    await room.restart(wanted).switch(ignore)
    room.now += GRACE
    return room


async def test_each_step_of_dropping_goes_on_where_the_one_before_it_ended(tmp_path: Path) -> None:
    corpus = Asked(40)
    room = await left(tmp_path, corpus)

    await drop(room)

    assert corpus.began == [None, 9, 19, 29, 39, None]
    assert corpus.encoders() == {"wanted"}


async def test_vectors_made_below_where_dropping_had_come_to_are_dropped_too(tmp_path: Path) -> None:
    corpus = Asked(40)
    room = await left(tmp_path, corpus)
    await room.keeper.tidy()

    passages = (await corpus.changes(0, 5)).added
    vectors = await room.encoder.encode_documents([passage.text for passage in passages])
    await corpus.store_vectors("hashing", [passage.id for passage in passages], vectors)
    await drop(room)

    assert corpus.encoders() == {"wanted"}
    assert await roles(room) == {"wanted": SERVING}


async def test_dropping_that_is_cut_short_is_taken_up_again(tmp_path: Path) -> None:
    room, wanted = await settled(tmp_path, n=40), Wanted()
    room.opener.add(wanted)
    await room.restart(wanted).switch(ignore)
    room.now += GRACE

    assert await room.keeper.tidy()
    room.restart(wanted)
    await drop(room)

    assert room.corpus.encoders() == {"wanted"}
    assert await roles(room) == {"wanted": SERVING}


async def test_an_old_index_that_is_damaged_is_dropped_all_the_same(tmp_path: Path) -> None:
    class Wedged(InMemoryDense):
        wedged = False

        async def count(self) -> int:
            if self.wedged:
                raise IndexDamaged("dense", "cannot be read")
            return await super().count()

        async def clear(self) -> None:
            self.wedged = False
            await super().clear()

    dense, wanted = Wedged(), Wanted()
    room = Room(tmp_path, n=5, dense=dense)
    await room.keeper.sync(ignore)
    room.opener.add(wanted)
    await room.restart(wanted).switch(ignore)
    room.now += GRACE
    dense.wedged = True

    await drop(room)

    assert await roles(room) == {"wanted": SERVING}
    assert await dense.count() == 0


async def test_an_encoder_wanted_again_while_it_is_being_dropped_gets_back_what_it_lost(tmp_path: Path) -> None:
    room, wanted = await settled(tmp_path, n=40), Wanted()
    room.opener.add(wanted)
    await room.restart(wanted).switch(ignore)
    room.now += GRACE
    await room.keeper.tidy()
    room.encoder.encoded.clear()

    report = await room.restart(room.encoder).switch(ignore)

    assert report.switched_to == "hashing"
    assert 0 < len(room.encoder.encoded) < 40
    assert await room.counts() == (40, 40)


async def test_one_that_was_coming_and_is_wanted_no_more_goes_too(tmp_path: Path) -> None:
    async def stop_at_the_second() -> None:
        if stopping.encoded:
            raise asyncio.CancelledError

    room, stopping = await settled(tmp_path), Wanted(stop_at_the_second)
    room.opener.add(stopping)
    with pytest.raises(asyncio.CancelledError):
        await room.restart(stopping).switch(ignore)

    room.restart(room.encoder)
    await drop(room)
    retired = await roles(room)
    room.now += GRACE
    await drop(room)

    assert retired == {"hashing": SERVING, "wanted": RETIRED}
    assert room.corpus.encoders() == {"hashing"}


async def test_a_running_instance_switches_and_drops_by_itself(tmp_path: Path) -> None:
    room, wanted = await settled(tmp_path, n=40), Wanted()
    room.opener.add(wanted)
    keeper = room.restart(wanted)

    task: asyncio.Task[object] = asyncio.create_task(keeper.follow(ignore, timedelta(0)))
    async with asyncio.timeout(10):
        while await roles(room) != {"hashing": RETIRED, "wanted": SERVING}:  # noqa: ASYNC110 - turns of the loop, not of a clock
            await asyncio.sleep(0)
        room.now += GRACE
        while await roles(room) != {"wanted": SERVING}:  # noqa: ASYNC110 - turns of the loop, not of a clock
            await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert room.corpus.encoders() == {"wanted"}
    assert (await found(room, "thing7"))[0] == (7, True)
