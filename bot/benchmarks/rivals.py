"""What is measured by `tidings bench search`: Tidings' two indexes and, beside them, their plain peers.

Each is built and asked by functions of its own, which run in processes of their own (see `apart`), read the same
vectors from the same file, and answer the same questions. The peers are written as one would first write them: one
Chroma collection with its metadata and `where`; numpy over all vectors in memory; bm25s over white-space words.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.benchmarks.crowd import DIMENSIONS, NEWEST, SPAN, Crowd, Question, crowd, passages, questions, vectors
from bot.benchmarks.machine import disk_mb, memory_mb, percentiles
from retrieval.index.chroma import ChromaIndex
from retrieval.index.lexical import TantivyIndex
from retrieval.index.words import WordCutter
from storage.domain.news import Changes, Filters
from storage.domain.progress import Progress

KINDS = ("none", "language", "time", "language_and_time", "source")
WANTED = 10

# As many as a search asks each index for.
_DEPTH = 60
_BATCH = 2000
_PLAIN_BATCH = 1000
_WARM = 5
# A kind of question is given up after this long, once it has been asked often enough to tell its 95th percentile.
_SECONDS = 40.0
_LEAST = 20

Figures = dict[str, object]


def make(folder: Path, n: int, progress: Progress) -> None:
    """Write the vectors of `n` passages, for all to read."""
    with _vectors_path(folder).open("wb") as file:
        done = 0
        for block in vectors(crowd(n)):
            file.write(block.tobytes())
            done += len(block)
            progress("vectors made", done, n)


def exact(folder: Path, n: int, asked: int, progress: Progress) -> Figures:
    """Compare with all vectors in numpy; what it finds is the truth that the others are held against."""
    known, stored = crowd(n), np.fromfile(_vectors_path(folder), dtype=np.float32).reshape(n, DIMENSIONS)
    seconds: dict[str, list[float]] = {kind: [] for kind in KINDS}
    truth = np.zeros((len(KINDS), asked, WANTED), dtype=np.int64)
    for number, question in enumerate(_questions(folder, known, asked)):
        for place, kind in enumerate(KINDS):
            start = time.perf_counter()
            found = _exactly(known, stored, question.vector, question.filters[kind])
            seconds[kind].append(time.perf_counter() - start)
            truth[place, number, : len(found)] = found + 1
        progress("exact", number + 1, asked)
    np.save(_truth_path(folder), truth)
    return {"memory_mb": memory_mb(), **{kind: percentiles(seconds[kind]) for kind in KINDS}}


def build_tidings(folder: Path, n: int, progress: Progress) -> Figures:
    """Both indexes filled, as they are kept on disk."""
    return asyncio.run(_built(folder / "tidings", crowd(n), stored_vectors(folder, n), progress))


def ask_tidings(folder: Path, n: int, asked: int, progress: Progress) -> Figures:
    """Each question asked of the dense index, and again of both at once, as deep as a search asks."""
    return asyncio.run(_asked(folder, crowd(n), asked, progress))


def build_plain(folder: Path, n: int, progress: Progress) -> Figures:
    """One Chroma collection, filters in its metadata."""
    known, stored, collection = crowd(n), stored_vectors(folder, n), plain_collection(folder, new=True)
    start = time.perf_counter()
    for at in range(0, n, _PLAIN_BATCH):
        rows = range(at, min(n, at + _PLAIN_BATCH))
        collection.add(
            ids=[str(row + 1) for row in rows],
            embeddings=stored[rows.start : rows.stop],
            metadatas=[_metadata(known, row) for row in rows],
        )
        progress("one collection", rows.stop, n)
    seconds = time.perf_counter() - start
    return {"passages_per_second": round(n / seconds, 1), "disk_mb": disk_mb(folder / "plain")}


def ask_plain(folder: Path, n: int, asked: int, progress: Progress) -> Figures:
    """Each question asked of the one collection, its filters as `where`."""
    known, collection = crowd(n), plain_collection(folder, new=False)
    posed, truth = _questions(folder, known, asked), np.load(_truth_path(folder))
    figures: Figures = {}
    for place, kind in enumerate(KINDS):
        calls = [partial(_query, collection, question.vector, question.filters[kind]) for question in posed]
        figures[kind] = _timed(calls, truth[place], f"one collection, {kind}", progress)
    return {"memory_mb": memory_mb(), **figures}


def build_and_ask_bm25s(folder: Path, n: int, asked: int, progress: Progress) -> Figures:
    """bm25s over white-space words, filters as its mask of weights."""
    import bm25s

    known, tokens = crowd(n), []
    for at in range(0, n, _BATCH):
        tokens += [passage.text.split() for passage in passages(known, at, min(n, at + _BATCH))]
        progress("texts for bm25s", len(tokens), n)
    start = time.perf_counter()
    retriever = bm25s.BM25()
    retriever.index(tokens, show_progress=False)
    seconds = time.perf_counter() - start
    del tokens
    figures: Figures = {"passages_per_second": round(n / seconds, 1), "memory_mb": memory_mb()}
    posed = _questions(folder, known, asked)
    for kind in KINDS:
        calls = [partial(_bm25s, retriever, known, question, kind) for question in posed]
        figures[kind] = _timed(calls, None, f"bm25s, {kind}", progress)
    return figures


async def _built(folder: Path, known: Crowd, stored: NDArray[np.float32], progress: Progress) -> Figures:
    n, spent = len(known), {"dense": 0.0, "lexical": 0.0}
    dense, lexical = _indexes(folder)
    for at in range(0, n, _BATCH):
        end = min(n, at + _BATCH)
        changes = Changes(revision=end, added=tuple(passages(known, at, end)), removed=())
        start = time.perf_counter()
        await dense.apply(changes, np.ascontiguousarray(stored[at:end]))
        middle = time.perf_counter()
        await lexical.apply(changes)
        spent["dense"] += middle - start
        spent["lexical"] += time.perf_counter() - middle
        progress("tidings", end, n)
    dense.close()
    lexical.close()
    return {
        "dense_passages_per_second": round(n / spent["dense"], 1),
        "lexical_passages_per_second": round(n / spent["lexical"], 1),
        "dense_disk_mb": disk_mb(folder / "chroma"),
        "lexical_disk_mb": disk_mb(folder / "lexical"),
    }


async def _asked(folder: Path, known: Crowd, asked: int, progress: Progress) -> Figures:
    posed, truth = _questions(folder, known, asked), np.load(_truth_path(folder))
    before = memory_mb()
    dense, lexical = _indexes(folder / "tidings")
    await dense.warm()
    await lexical.warm()
    figures: Figures = {}
    for place, kind in enumerate(KINDS):
        alone, words, both, recalls = [], [], [], []
        for number, question in enumerate([*posed[:_WARM], *posed]):
            filters, start = question.filters[kind], time.perf_counter()
            found = await dense.nearest(question.vector, WANTED, filters)
            after_dense = time.perf_counter()
            await lexical.search(question.text, _DEPTH, filters)
            after_words = time.perf_counter()
            await asyncio.gather(
                dense.nearest(question.vector, _DEPTH, filters), lexical.search(question.text, _DEPTH, filters)
            )
            end = time.perf_counter()
            progress(f"tidings, {kind}", number + 1, asked + _WARM)
            if number >= _WARM:
                alone.append(after_dense - start)
                words.append(after_words - after_dense)
                both.append(end - after_words)
                recalls.append(_recall([match.id for match in found], truth[place, number - _WARM]))
        figures[kind] = {
            **{f"dense_{name}": figure for name, figure in percentiles(alone).items()},
            "dense_recall_at_10": round(float(np.mean(recalls)), 4),
            **{f"lexical_{name}": figure for name, figure in percentiles(words).items()},
            **{f"both_{name}": figure for name, figure in percentiles(both).items()},
        }
    memory = {"memory_mb": memory_mb(), "memory_of_indexes_mb": round(memory_mb() - before, 1)}
    dense.close()
    lexical.close()
    return memory | figures


def _indexes(folder: Path) -> tuple[ChromaIndex, TantivyIndex]:
    folder.mkdir(parents=True, exist_ok=True)
    return ChromaIndex(folder / "chroma", "bench"), TantivyIndex(folder / "lexical", WordCutter(folder / "words"))


def _timed(
    calls: Sequence[Callable[[], Sequence[int]]], truth: NDArray[np.int64] | None, what: str, progress: Progress
) -> Figures:
    """The figures of as many calls as time allows; a first few are not counted."""
    began, seconds, recalls = time.perf_counter(), [], []
    for call in calls[:_WARM]:
        call()
    for number, call in enumerate(calls):
        start = time.perf_counter()
        found = call()
        seconds.append(time.perf_counter() - start)
        progress(what, number + 1, len(calls))
        if truth is not None:
            recalls.append(_recall(found, truth[number]))
        if number + 1 >= _LEAST and time.perf_counter() - began > _SECONDS:
            break
    figures: Figures = {**percentiles(seconds), "questions": len(seconds)}
    return figures | ({"recall_at_10": round(float(np.mean(recalls)), 4)} if recalls else {})


def _recall(found: Iterable[int], truth: NDArray[np.int64]) -> float:
    """The share of the true ones, 0 standing for none, that were found; all, where there are none."""
    true = set(truth.tolist()) - {0}
    return len(true & set(found)) / len(true) if true else 1.0


def _exactly(known: Crowd, stored: NDArray[np.float32], vector: NDArray[np.float32], filters: Filters) -> Any:
    """The rows of the nearest, best first."""
    if not filters.any:
        rows, cosines = np.arange(len(known)), stored @ vector
    else:
        rows = np.flatnonzero(_meeting(known, filters))
        cosines = stored[rows] @ vector
    best = np.argpartition(-cosines, min(WANTED, len(rows) - 1))[:WANTED] if len(rows) else rows
    return rows[best[np.argsort(-cosines[best])]]


def _meeting(known: Crowd, filters: Filters) -> NDArray[np.bool_]:
    meets = np.ones(len(known), dtype=np.bool_)
    if filters.language:
        meets &= known.chinese == (filters.language == "zh")
    if filters.since and filters.until:
        since, until = ((moment - (NEWEST - SPAN)).total_seconds() for moment in (filters.since, filters.until))
        meets &= (known.seconds >= max(0.0, since)) & (known.seconds < until)
    if filters.sources:
        outlet, language = filters.sources[0].removeprefix("outlet").split(".")[:2]
        meets &= (known.outlets == int(outlet)) & (known.chinese == (language == "zh"))
    return meets


def _metadata(known: Crowd, row: int) -> dict[str, str | int]:
    language, second = "zh" if known.chinese[row] else "en", int(known.seconds[row])
    dated = {"published": second} if second >= 0 else {}
    return {"language": language, "source": f"outlet{known.outlets[row]}.{language}.example", **dated}


def plain_collection(folder: Path, *, new: bool) -> Any:
    """One collection in the folder, new or the one that is there, as somebody would make it who knows nothing of us."""
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(path=str(folder / "plain"), settings=Settings(anonymized_telemetry=False))
    if new:
        return client.create_collection("plain", metadata={"hnsw:space": "cosine"}, embedding_function=None)
    return client.get_collection("plain", embedding_function=None)


def _query(collection: Any, vector: NDArray[np.float32], filters: Filters) -> list[int]:
    bounds: list[dict[str, Any]] = []
    if filters.language:
        bounds.append({"language": filters.language})
    if filters.since and filters.until:
        since, until = ((moment - (NEWEST - SPAN)).total_seconds() for moment in (filters.since, filters.until))
        bounds += [{"published": {"$gte": max(0.0, since)}}, {"published": {"$lt": until}}]
    if filters.sources:
        bounds.append({"source": filters.sources[0]})
    where = {"$and": bounds} if len(bounds) > 1 else next(iter(bounds), None)
    found = collection.query(query_embeddings=vector[np.newaxis, :], n_results=WANTED, where=where, include=[])
    return [int(id_) for id_ in found["ids"][0]]


def _bm25s(retriever: Any, known: Crowd, question: Question, kind: str) -> list[int]:
    filters = question.filters[kind]
    mask = _meeting(known, filters).astype(np.float32) if filters.any else None
    found, _ = retriever.retrieve([question.text.split()], k=WANTED, weight_mask=mask, show_progress=False, n_threads=1)
    return [int(row) + 1 for row in found[0]]


def _questions(folder: Path, known: Crowd, n: int) -> list[Question]:
    return list(questions(known, stored_vectors(folder, len(known)), n))


def stored_vectors(folder: Path, n: int) -> NDArray[np.float32]:
    """(n, 384) the vectors that `make` wrote."""
    return np.memmap(_vectors_path(folder), np.float32, "r", shape=(n, DIMENSIONS))


def _vectors_path(folder: Path) -> Path:
    return folder / "vectors.bin"


def _truth_path(folder: Path) -> Path:
    return folder / "truth.npy"
