from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.index.lock import IndexLock
from retrieval.index.sync import IndexKeeper, document_text
from retrieval.ports import DenseIndex, LexicalIndex, Vectors
from storage.domain.news import Changes, Filters, PassageId
from storage.errors import EncoderUnavailable, IndexDamaged, IndexUnavailable
from tests.fakes import HashingEncoder, InMemoryCorpus, InMemoryDense, InMemoryLexical, make_passage


def ignore(_what: str, _done: int, _total: int | None) -> None:
    return


class Room:
    def __init__(
        self,
        folder: Path,
        n: int = 5,
        *,
        dense: DenseIndex | None = None,
        lexical: LexicalIndex | None = None,
        encoder: HashingEncoder | None = None,
    ) -> None:
        self.corpus = InMemoryCorpus(
            [make_passage(i, f"story {i} about thing{i}", title=f"Title {i}") for i in range(n)]
        )
        self.encoder = encoder or HashingEncoder(dimensions=512)
        self.dense = dense or InMemoryDense()
        self.lexical = lexical or InMemoryLexical()
        self.lock = IndexLock(folder / "index.lock")
        self.keeper = IndexKeeper(self.corpus, self.encoder, self.dense, self.lexical, self.lock)

    async def counts(self) -> tuple[int, int]:
        return await self.lexical.count(), await self.dense.count()

    async def revisions(self) -> tuple[int, int]:
        return await self.lexical.revision(), await self.dense.revision()


async def test_both_indexes_take_over_what_is_stored(tmp_path: Path) -> None:
    room = Room(tmp_path)

    report = await room.keeper.sync(ignore)

    assert await room.counts() == (5, 5)
    assert await room.revisions() == (5, 5)
    assert (report.added, report.removed, report.encoded, report.rebuilt) == (5, 0, 5, ())
    assert not report.held_elsewhere


async def test_titles_are_encoded_with_the_text_unless_it_begins_with_them(tmp_path: Path) -> None:
    room = Room(tmp_path, n=1)

    await room.keeper.sync(ignore)

    assert room.encoder.encoded == ["Title 0\nstory 0 about thing0"]
    assert document_text(make_passage(1, "Rain fell. Roads closed.", title="Rain fell.")) == "Rain fell. Roads closed."


async def test_only_what_changed_is_taken_over_next_time(tmp_path: Path) -> None:
    room = Room(tmp_path)
    await room.keeper.sync(ignore)
    room.corpus.save(make_passage(9, "new"))
    room.corpus.remove(1)

    report = await room.keeper.sync(ignore)

    assert (report.added, report.removed, report.encoded) == (1, 1, 1)
    assert await room.counts() == (5, 5)
    assert (await room.keeper.sync(ignore)).added == 0


async def test_an_empty_database_syncs_to_empty_indexes(tmp_path: Path) -> None:
    room = Room(tmp_path, n=0)

    assert (await room.keeper.check(ignore)).rebuilt == ()
    assert await room.counts() == (0, 0)


async def test_progress_reaches_its_total(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int | None]] = []
    room = Room(tmp_path, n=300)

    await room.keeper.sync(lambda what, done, total: seen.append((what, done, total)))

    assert seen == [("lexical", 300, 300), ("dense", 128, 300), ("dense", 256, 300), ("dense", 300, 300)]


async def test_an_interrupted_encoding_resumes_where_it_stopped(tmp_path: Path) -> None:
    class Stopping(HashingEncoder):
        async def encode_documents(self, texts: Sequence[str]) -> Vectors:
            if self.encoded:
                raise asyncio.CancelledError
            return await super().encode_documents(texts)

    room = Room(tmp_path, n=200, encoder=Stopping())
    with pytest.raises(asyncio.CancelledError):
        await room.keeper.sync(ignore)
    finishing = HashingEncoder()
    keeper = IndexKeeper(room.corpus, finishing, room.dense, room.lexical, room.lock)

    report = await keeper.sync(ignore)

    assert report.encoded == len(finishing.encoded) == 72
    assert await room.counts() == (200, 200)


async def test_words_are_up_to_date_even_where_the_encoder_cannot_be_loaded(tmp_path: Path) -> None:
    class Unloadable(HashingEncoder):
        async def encode_documents(self, texts: Sequence[str]) -> Vectors:
            raise EncoderUnavailable(self.name, "is not there")

    room = Room(tmp_path, encoder=Unloadable())

    with pytest.raises(EncoderUnavailable):
        await room.keeper.sync(ignore)

    assert await room.counts() == (5, 0)


async def test_a_process_that_does_not_own_the_indexes_writes_nothing_and_says_so(tmp_path: Path) -> None:
    room = Room(tmp_path)
    other = IndexLock(tmp_path / "index.lock")
    assert other.acquire()

    report = await room.keeper.sync(ignore)

    assert report.held_elsewhere
    assert await room.counts() == (0, 0)
    other.release()
    assert not (await room.keeper.sync(ignore)).held_elsewhere


async def test_rebuilding_fills_both_anew_from_stored_vectors(tmp_path: Path) -> None:
    room = Room(tmp_path)
    await room.keeper.sync(ignore)
    room.encoder.encoded.clear()

    report = await room.keeper.rebuild(ignore)

    assert report.rebuilt == ("lexical", "dense")
    assert room.encoder.encoded == []
    assert await room.counts() == (5, 5)


async def test_an_index_ahead_of_the_database_is_rebuilt(tmp_path: Path) -> None:
    room = Room(tmp_path)
    await room.keeper.sync(ignore)
    await room.lexical.apply(Changes(revision=99, added=(make_passage(77, "from before the restore"),), removed=()))

    report = await room.keeper.sync(ignore)

    assert report.rebuilt == ("lexical",)
    assert await room.counts() == (5, 5)


async def test_data_without_a_revision_is_cleared_first(tmp_path: Path) -> None:
    room = Room(tmp_path)
    await room.lexical.apply(Changes(revision=0, added=(make_passage(77, "left by an interrupted step"),), removed=()))

    await room.keeper.sync(ignore)

    assert await room.counts() == (5, 5)


async def test_vectors_of_another_width_make_the_dense_index_anew(tmp_path: Path) -> None:
    room = Room(tmp_path)
    await room.keeper.sync(ignore)
    room.corpus.save(make_passage(9, "new"))
    other = IndexKeeper(room.corpus, HashingEncoder(32, "narrow"), room.dense, room.lexical, room.lock)

    report = await other.sync(ignore)

    assert report.rebuilt == ("dense",)
    assert await room.counts() == (6, 6)


async def test_a_sound_index_passes_the_check(tmp_path: Path) -> None:
    room = Room(tmp_path, n=40)

    assert (await room.keeper.check(ignore)).rebuilt == ()
    assert (await room.keeper.check(ignore)).rebuilt == ()


async def test_copies_of_one_text_do_not_fail_the_check(tmp_path: Path) -> None:
    room = Room(tmp_path, n=0)
    room.corpus.save(*(make_passage(i, "the very same text") for i in range(60)))

    assert (await room.keeper.check(ignore)).rebuilt == ()


async def test_an_index_that_lost_passages_is_rebuilt(tmp_path: Path) -> None:
    room = Room(tmp_path, n=40)
    await room.keeper.sync(ignore)
    await room.dense.apply(Changes(revision=40, added=(), removed=(PassageId(3),)), np.zeros((0, 0), np.float32))

    assert (await room.keeper.check(ignore)).rebuilt == ("dense",)
    assert await room.counts() == (40, 40)


async def test_an_index_that_holds_other_vectors_than_the_database_is_rebuilt(tmp_path: Path) -> None:
    room = Room(tmp_path, n=40)
    await room.keeper.sync(ignore)
    everything = await room.corpus.changes(0, 100)
    await room.dense.apply(everything, -np.stack([await room.encoder.encode_query("story")] * 40))

    assert (await room.keeper.check(ignore)).rebuilt == ("dense",)


async def test_an_index_whose_words_are_gone_is_rebuilt(tmp_path: Path) -> None:
    room = Room(tmp_path, n=40)
    await room.keeper.sync(ignore)
    blank = tuple(make_passage(i, "") for i in range(40))
    await room.lexical.apply(Changes(revision=40, added=blank, removed=()))

    assert (await room.keeper.check(ignore)).rebuilt == ("lexical",)


async def test_an_index_that_breaks_while_it_is_read_is_rebuilt(tmp_path: Path) -> None:
    class Wedged(InMemoryDense):
        cleared = False

        async def nearest(self, vector: NDArray[np.float32], k: int, filters: Filters) -> Sequence[object]:  # type: ignore[override] # never returns before it is cleared
            if not self.cleared:
                raise IndexDamaged("dense", "wedged")
            return await super().nearest(vector, k, filters)

        async def clear(self) -> None:
            self.cleared = True
            await super().clear()

    room = Room(tmp_path, dense=Wedged())

    assert (await room.keeper.check(ignore)).rebuilt == ("dense",)
    assert await room.counts() == (5, 5)


async def test_news_is_findable_by_words_while_older_news_is_being_encoded(tmp_path: Path) -> None:
    class Slow(HashingEncoder):
        def __init__(self) -> None:
            super().__init__()
            self.started, self.gate = asyncio.Event(), asyncio.Event()

        async def encode_documents(self, texts: Sequence[str]) -> Vectors:
            self.started.set()
            await self.gate.wait()
            return await super().encode_documents(texts)

    encoder = Slow()
    room = Room(tmp_path, encoder=encoder)
    words = asyncio.Event()

    def heard(what: str, _done: int, _total: int | None) -> None:
        if what == "lexical":
            words.set()

    first = asyncio.create_task(room.keeper.sync(ignore))
    await encoder.started.wait()
    room.corpus.save(make_passage(9, "breaking"))
    second = asyncio.create_task(room.keeper.sync(heard))
    await words.wait()

    found = await room.lexical.search("breaking", 5, Filters())

    assert [match.id for match in found] == [9]
    encoder.gate.set()
    await asyncio.gather(first, second)
    assert await room.counts() == (6, 6)


class Failing(InMemoryDense):
    """Fails the next few times it is asked how far it is, and remembers being cleared."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[IndexUnavailable] = []
        self.clears = 0

    async def revision(self) -> int:
        if self.faults:
            raise self.faults.pop(0)
        return await super().revision()

    async def clear(self) -> None:
        self.clears += 1
        await super().clear()


async def test_an_index_that_fails_once_is_tried_again_and_keeps_what_it_holds(tmp_path: Path) -> None:
    dense = Failing()
    room = Room(tmp_path, dense=dense)
    await room.keeper.sync(ignore)
    room.corpus.save(make_passage(9, "new"))
    dense.faults = [IndexUnavailable("dense", "no answer within 30 s")]

    report = await room.keeper.sync(ignore)

    assert (report.rebuilt, dense.clears) == ((), 0)
    assert await room.counts() == (6, 6)


async def test_an_index_that_cannot_be_used_now_is_left_as_it_is(tmp_path: Path) -> None:
    dense = Failing()
    room = Room(tmp_path, dense=dense)
    await room.keeper.sync(ignore)
    dense.faults = [IndexUnavailable("dense", "No space left on device")] * 2

    with pytest.raises(IndexUnavailable, match="No space left"):
        await room.keeper.sync(ignore)

    assert dense.clears == 0
    assert await room.counts() == (5, 5)


async def test_a_damaged_index_is_rebuilt_once_it_was_tried_again(tmp_path: Path) -> None:
    dense = Failing()
    room = Room(tmp_path, dense=dense)
    await room.keeper.sync(ignore)
    dense.faults = [IndexDamaged("dense", "cannot be read")] * 2

    report = await room.keeper.sync(ignore)

    assert (report.rebuilt, dense.clears) == (("dense",), 1)
    assert await room.counts() == (5, 5)


class Telling(InMemoryDense):
    """Says when it took something over, and fails as often as it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.applied = asyncio.Event()
        self.fails = 0

    async def apply(self, changes: Changes, vectors: Vectors) -> None:
        if self.fails:
            self.fails -= 1
            raise IndexUnavailable("dense", "busy")
        await super().apply(changes, vectors)
        self.applied.set()


@asynccontextmanager
async def following(keeper: IndexKeeper) -> AsyncIterator[asyncio.Task[object]]:
    task: asyncio.Task[object] = asyncio.create_task(keeper.follow(ignore, timedelta(0)))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_the_owner_takes_over_what_another_process_stored(tmp_path: Path) -> None:
    dense = Telling()
    room = Room(tmp_path, dense=dense)

    async with following(room.keeper), asyncio.timeout(10):
        await dense.applied.wait()
        dense.applied.clear()
        room.corpus.save(make_passage(9, "stored by another process"))
        await dense.applied.wait()

    assert await room.counts() == (6, 6)


async def test_following_reads_the_database_alone_while_nothing_changes(tmp_path: Path) -> None:
    class Quiet(InMemoryCorpus):
        turns = 0
        enough = asyncio.Event()

        async def changes(self, after: int, limit: int) -> Changes:
            self.turns += limit == 1
            if self.turns == 20:
                self.enough.set()
            return await super().changes(after, limit)

    class Asked(InMemoryDense):
        asked = 0

        async def revision(self) -> int:
            self.asked += 1
            return await super().revision()

    corpus, dense = Quiet([make_passage(1, "news")]), Asked()
    keeper = IndexKeeper(corpus, HashingEncoder(), dense, InMemoryLexical(), IndexLock(tmp_path / "index.lock"))

    async with following(keeper), asyncio.timeout(10):
        await corpus.enough.wait()

    # Once by the first sync, and once to see where it came.
    assert dense.asked == 2


async def test_following_survives_an_index_that_fails_and_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    dense = Telling()
    dense.fails = 6
    room = Room(tmp_path, dense=dense)

    async with following(room.keeper), asyncio.timeout(10):
        await dense.applied.wait()

    warnings = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert warnings == ["index_not_level"]
    assert await room.counts() == (5, 5)


async def test_following_takes_the_indexes_over_once_their_owner_ends(tmp_path: Path) -> None:
    dense = Telling()
    room = Room(tmp_path, dense=dense)
    other = IndexLock(tmp_path / "index.lock")
    assert other.acquire()

    async with following(room.keeper), asyncio.timeout(10):
        for _ in range(5):
            await asyncio.sleep(0)
        waited = not dense.applied.is_set()
        other.release()
        await dense.applied.wait()

    assert waited
    assert await room.counts() == (5, 5)
