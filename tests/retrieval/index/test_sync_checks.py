from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from storage.domain.news import Changes, Filters, PassageId
from storage.errors import IndexDamaged, IndexUnavailable
from tests.fakes import HashingEncoder, InMemoryDense, make_passage
from tests.retrieval.index.keeper import Room, ignore


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
    await room.dense.apply(Changes(revision=2, added=(make_passage(1, "x"),), removed=()), np.ones((1, 3), np.float32))

    report = await room.keeper.sync(ignore)

    assert report.rebuilt == ("dense",)
    assert await room.counts() == (5, 5)


@pytest.mark.parametrize("n", [5, 128])
async def test_a_model_that_gives_other_vectors_than_before_under_its_name_makes_all_anew(
    tmp_path: Path, n: int
) -> None:
    room = Room(tmp_path, n=n)
    await room.keeper.sync(ignore)
    room.corpus.save(make_passage(900, "new"))
    narrow = HashingEncoder(32, room.encoder.name)
    room.opener.add(narrow, room.dense)

    report = await room.restart(narrow).sync(ignore)

    assert report.rebuilt == ("dense",)
    assert await room.counts() == (n + 1, n + 1)
    everything = [passage.id for passage in (await room.corpus.changes(0, 1000)).added]
    vectors = await room.corpus.vectors(narrow.name, everything)
    assert [vector.shape for vector in vectors.values()] == [(32,)] * (n + 1)


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
