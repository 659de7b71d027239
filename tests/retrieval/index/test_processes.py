"""Kills, second processes and servers, with the real database and the real indexes."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import pytest

from storage.domain.news import Article, ArticleId, Fingerprint, Headline, PassageDraft, PreparedArticle, SearchRequest
from tests.fakes import EPOCH
from tests.retrieval.index.keeping import House, opened

ROOT = Path(__file__).resolve().parents[3]


def ignore(_what: str, _done: int, _total: int | None) -> None:
    return


def articles(numbers: Sequence[int]) -> list[PreparedArticle]:
    prepared = []
    for n in numbers:
        text = " ".join(f"word{n}x{j}" for j in range(6)) + " flood"
        headline = Headline(id=ArticleId(f"a{n}"), title=f"Story {n}", first_seen=EPOCH, group=ArticleId(f"a{n}"))
        prepared.append(
            PreparedArticle(
                article=Article(headline=headline, text=text),
                passages=(PassageDraft(position=0, start=0, end=len(text), text=text),),
                fingerprint=Fingerprint(signature=b"", bands=()),
            )
        )
    return prepared


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with opened(tmp_path) as house:
        yield house


def start(folder: Path, what: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.retrieval.index.keeping", str(folder), what],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def lines(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout is not None
    return (line.strip() for line in process.stdout)


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


async def kill_and_look(folder: Path, kills: int) -> None:
    """Each round adds news and kills the process that indexes it, a step later each time; then all must be right."""
    stored = 0
    for round_ in range(kills):
        async with opened(folder) as house:
            await house.store.save(articles(range(stored, stored + 700)))
        stored += 700
        process = start(folder, "sync")
        for step, _ in enumerate(lines(process)):
            if step == round_ % 9:
                break
        kill(process)
    async with opened(folder) as house:
        await house.keeper.check(ignore)
        assert (await house.lexical.count(), await house.dense.count()) == (stored, stored)
        assert await house.store.unencoded(house.encoder.name, 1) == ()
        assert (await house.keeper.check(ignore)).rebuilt == ()
        for n in range(0, stored, stored // 40):
            result = await house.searcher.search(SearchRequest(text=f"word{n}x1 word{n}x2 word{n}x3"))
            # Among many thousands the stand-in's small vectors collide, so another may share the first place.
            (hit,) = [hit for hit in result.hits[:2] if hit.passage.headline.id == f"a{n}"]
            assert hit.bm25 is not None
            assert hit.similarity is not None


async def test_a_killed_sync_is_resumed_and_every_answer_is_right(tmp_path: Path) -> None:
    await kill_and_look(tmp_path, kills=3)


@pytest.mark.slow
async def test_fifty_killed_syncs_lose_nothing(tmp_path: Path) -> None:
    await kill_and_look(tmp_path, kills=50)


async def test_a_second_process_reads_what_the_first_owns_and_writes_nothing(tmp_path: Path, house: House) -> None:
    await house.store.save(articles(range(20)))
    await house.keeper.sync(ignore)
    await house.store.save(articles(range(20, 30)))

    second = start(tmp_path, "look")
    said = list(lines(second))
    kill(second)

    assert said == ["held elsewhere 0", "found a7", "counts 20 20"]
    assert (await house.keeper.sync(ignore)).added == 10


async def test_the_folder_changes_hands_when_its_owner_ends(tmp_path: Path, house: House) -> None:
    await house.store.save(articles(range(20)))
    await house.dense.warm()
    owner = start(tmp_path, "hold")
    assert "synced 20" in list(_until(owner, "synced 20"))
    assert (await house.keeper.sync(ignore)).held_elsewhere
    await house.searcher.search(SearchRequest(text="word7x1"))

    kill(owner)
    await house.store.save(articles(range(20, 30)))
    report = await house.keeper.check(ignore)

    assert (report.added, report.rebuilt) == (10, ())
    for n in (7, 27):
        (hit, *_) = (await house.searcher.search(SearchRequest(text=f"word{n}x1 word{n}x2"))).hits
        assert hit.passage.headline.id == f"a{n}"


def _until(process: subprocess.Popen[str], last: str) -> Iterator[str]:
    for line in lines(process):
        yield line
        if line == last:
            return


async def test_a_chroma_server_holds_the_vectors_as_well(tmp_path: Path, chroma_server: str) -> None:
    async with opened(tmp_path, chroma_server) as house:
        await house.store.save(articles(range(30)))
        await house.keeper.check(ignore)
        assert await house.dense.count() == 30
        assert await house.dense.revision() == await house.lexical.revision()
        (hit, *_) = (await house.searcher.search(SearchRequest(text="word7x1 word7x2"))).hits
        assert hit.passage.headline.id == "a7"

        await house.keeper.rebuild(ignore)

        assert await house.dense.count() == 30


async def test_a_server_that_is_not_there_leaves_words_to_answer(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{probe.getsockname()[1]}"
    async with opened(tmp_path) as house:
        await house.store.save(articles(range(5)))
        await house.keeper.sync(ignore)
    async with opened(tmp_path, nobody) as house:
        (hit,) = (await house.searcher.search(SearchRequest(text="word3x1"))).hits

        assert hit.passage.headline.id == "a3"
