"""`tidings bench rebuild`: both indexes made anew from the vectors that the database holds, beside a plain Chroma.

Passages and vectors are invented to lie as real ones do (see `crowd`). They are stored as gathering stores them, and
the rebuild is what `tidings reindex` does, in a process of its own; no encoder is loaded for it. The peer adds the same
vectors, which it reads from a flat file, to one Chroma collection.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from itertools import groupby
from pathlib import Path

import numpy as np

from bot.app import App, open_app
from bot.benchmarks import rivals
from bot.benchmarks.apart import apart
from bot.benchmarks.crowd import Crowd, crowd, passages
from bot.benchmarks.machine import machine, peak_memory_mb
from bot.settings import Settings
from storage.domain.news import Article, Filters, Fingerprint, Passage, PassageDraft, PreparedArticle
from storage.domain.progress import Progress

_BATCH = 2_000
_PROBES = 200
"""Passages that must be their own nearest once all is done."""

Figures = dict[str, object]


def run_bench(*, passages: int, progress: Progress) -> Figures:
    """The figures for so many passages: seconds by the clock and of the processors, and the most memory.

    `found` is the share of some passages that are their own nearest then; `encoded` how many were encoded anew, which
    is none; `load` is how many others wanted a processor meanwhile.

    Raises:
        InputError: A contender did not come to its end.
    """
    with tempfile.TemporaryDirectory(prefix="tidings-bench-") as place:
        folder = Path(place)
        apart("vectors", partial(rivals.make, folder, passages), progress)
        apart("articles", partial(store, folder, passages), progress)
        metrics = {
            "passages": passages,
            "tidings": apart("tidings", partial(rebuild, folder, passages), progress),
            "one_collection": apart("one collection", partial(_plain, folder, passages), progress),
        }
    return {"name": "rebuild", "metrics": metrics, "machine": machine()}


def store(folder: Path, n: int, progress: Progress) -> None:
    """Write an instance's database that holds `n` passages and their vectors, and no index."""
    asyncio.run(_stored(folder, n, progress))


def rebuild(folder: Path, n: int, progress: Progress) -> Figures:
    """Make both indexes of that instance anew."""
    return asyncio.run(_rebuilt(folder, n, progress))


async def _stored(folder: Path, n: int, progress: Progress) -> None:
    vectors = rivals.stored_vectors(folder, n)
    async with open_app(_settings(folder)) as app:
        for start, batch in _articles(crowd(n)):
            await app.articles.save(batch)
            missing = await app.articles.unencoded(app.encoder.name, n)
            rows = slice(start, start + len(missing))
            await app.articles.store_vectors(
                app.encoder.name, [passage.id for passage in missing], np.ascontiguousarray(vectors[rows])
            )
            progress("stored", rows.stop, n)


async def _rebuilt(folder: Path, n: int, progress: Progress) -> Figures:
    async with open_app(_settings(folder)) as app:
        began, cpu, words_done = time.perf_counter(), time.process_time(), 0.0

        def told(what: str, done: int, of: int | None) -> None:
            nonlocal words_done
            if what == "lexical":
                words_done = time.perf_counter()
            progress(what, done, of)

        report = await app.index.rebuild(told)
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        return {
            "seconds": round(seconds, 1),
            "of_them_words": round(words_done - began, 1),
            "cpu_seconds": round(cpu, 1),
            "peak_memory_mb": peak_memory_mb(),
            "encoded": report.encoded,
            "found": await _found(app, n),
            "load": _load(),
        }


async def _found(app: App, n: int) -> float:
    """The share of some passages that are their own nearest."""
    ids = await app.articles.sample(min(_PROBES, n))
    vectors = await app.articles.vectors(app.encoder.name, ids)
    nearest = [await app.dense.nearest(vectors[id_], 1, Filters()) for id_ in ids]
    found = [[match.id for match in matches] == [id_] for id_, matches in zip(ids, nearest, strict=True)]
    return round(float(np.mean(found)), 3)


def _plain(folder: Path, n: int, progress: Progress) -> Figures:
    began, cpu = time.perf_counter(), time.process_time()
    rivals.build_plain(folder, n, progress)
    return {
        "seconds": round(time.perf_counter() - began, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
        "peak_memory_mb": peak_memory_mb(),
        "load": _load(),
    }


def _articles(known: Crowd) -> Iterator[tuple[int, list[PreparedArticle]]]:
    """Some hundred articles at a time, each with its passages; before them, the row of the first."""
    for start in range(0, len(known), _BATCH):
        rows = passages(known, start, min(len(known), start + _BATCH))
        yield start, [_article(list(each)) for _, each in groupby(rows, key=lambda row: row.headline.id)]


def _article(of: list[Passage]) -> PreparedArticle:
    text, drafts = "", []
    for position, passage in enumerate(of):
        start, text = len(text), f"{text}{passage.text}\n"
        drafts.append(PassageDraft(position=position, start=start, end=len(text) - 1, text=passage.text))
    return PreparedArticle(
        article=Article(headline=of[0].headline, text=text),
        passages=tuple(drafts),
        fingerprint=Fingerprint(signature=b"", bands=()),
    )


def _settings(folder: Path) -> Settings:
    return Settings(home=folder / "home")


def _load() -> float:
    return round(os.getloadavg()[0], 1)
