from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from retrieval.index.following import document_text
from retrieval.index.lock import IndexLock
from retrieval.ports import Vectors
from storage.domain.news import Changes, Filters
from storage.errors import EncoderUnavailable, IndexUnavailable
from tests.fakes import HashingEncoder, InMemoryLexical, make_passage
from tests.retrieval.index.keeper import Room, ignore


async def test_both_indexes_take_over_what_is_stored(tmp_path: Path) -> None:
    room = Room(tmp_path)

    waited = await room.keeper.behind()
    report = await room.keeper.sync(ignore)

    assert (waited, await room.keeper.behind()) == (5, 0)
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


async def test_the_total_grows_with_what_comes_in_meanwhile(tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    room = Room(tmp_path, n=130)

    def watch(what: str, done: int, total: int | None) -> None:
        if what == "dense" and not seen:
            room.corpus.save(*(make_passage(i, f"later {i}") for i in range(200, 500)))
        if what == "dense":
            seen.append((done, total))

    await room.keeper.sync(watch)

    assert seen == [(128, 130), (256, 430), (384, 430), (430, 430)]


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
    room.opener.add(finishing, room.dense)

    report = await room.restart(finishing).sync(ignore)

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


async def test_words_of_late_news_do_not_wait_for_the_vectors_of_what_came_before(tmp_path: Path) -> None:
    class Watching(HashingEncoder):
        found: list[int] = []  # noqa: RUF012 - of this one test

        async def encode_documents(self, texts: Sequence[str]) -> Vectors:
            self.found.append(len(await room.lexical.search("breaking", 5, Filters())))
            if not self.encoded:
                room.corpus.save(make_passage(900, "breaking"))
            return await super().encode_documents(texts)

    encoder = Watching()
    room = Room(tmp_path, n=300, encoder=encoder)

    await room.keeper.sync(ignore)

    assert encoder.found == [0, 1, 1]


async def test_vectors_do_not_wait_for_an_index_of_words_that_cannot_be_written(tmp_path: Path) -> None:
    class Full(InMemoryLexical):
        async def apply(self, changes: Changes) -> None:
            raise IndexUnavailable("lexical", "No space left on device")

    room = Room(tmp_path, lexical=Full())

    with pytest.raises(IndexUnavailable, match="No space left"):
        await room.keeper.sync(ignore)

    assert await room.counts() == (0, 5)


async def test_an_index_that_missed_removals_which_are_forgotten_is_rebuilt(tmp_path: Path) -> None:
    room = Room(tmp_path, n=9)
    await room.keeper.sync(ignore)
    stale = InMemoryLexical()
    everything = await room.corpus.changes(0, 100)
    await stale.apply(everything)
    for id_ in range(6):
        room.corpus.remove(id_)
    await room.keeper.sync(ignore)
    await room.keeper.tidy()

    room.lexical = stale
    report = await room.restart(room.encoder).sync(ignore)

    assert report.rebuilt == ("lexical",)
    assert await room.counts() == (3, 3)


async def test_removals_are_kept_for_an_index_that_has_not_taken_them_over(tmp_path: Path) -> None:
    room = Room(tmp_path, n=9)
    await room.keeper.sync(ignore)
    for id_ in range(6):
        room.corpus.remove(id_)
    await room.keeper.tidy()

    report = await room.keeper.sync(ignore)

    assert (report.removed, report.rebuilt) == (6, ())
    assert await room.counts() == (3, 3)
