"""`tidings evaluate …`: the evaluations, run on what an instance runs on, as the command line prints them."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.app import App, open_app
from bot.benchmarks.machine import percentiles
from bot.settings import load_settings
from retrieval.evaluation.collection import Collection, read_collection
from retrieval.evaluation.duplicates import evaluate_duplicates
from retrieval.evaluation.estimates import Estimate
from retrieval.evaluation.extraction import evaluate_extraction
from retrieval.evaluation.finding import evaluate_finding
from retrieval.ingest.reading import Reading
from retrieval.ingest.sandbox import Sandbox
from retrieval.search.ranking import Ranking
from retrieval.search.searcher import Searcher
from storage.domain.progress import Progress
from storage.errors import IndexDamaged, InputError

_INTERVAL = "95 % bootstrap"
_WORDS_STEP = 500
_FEWEST_PAIRS = 2


def run_extraction(data: Path, progress: Progress) -> dict[str, Any]:
    """Shingle F1 of the text extracted from the pages in `data`.

    Raises:
        InputError: The folder does not hold such pages.
    """
    return asyncio.run(_extraction(data, progress))


def run_retrieval(data: Path, progress: Progress, *, words_only: bool, scratch: Path | None) -> dict[str, Any]:
    """How well the questions in `data` find what answers them among the articles in `data`.

    Args:
        data: Articles and questions, whatever the files' names.
        progress: Told how far reading, indexing and asking are.
        words_only: Leave meaning out: no passage is encoded, and the ranking is by words alone.
        scratch: Where the instance made for this is kept, to be used again; without one it is thrown away.

    Raises:
        InputError: The folder does not hold both.
    """
    return asyncio.run(_retrieval(data, progress, words_only=words_only, scratch=scratch))


def run_duplicates(data: Path, progress: Progress) -> dict[str, Any]:
    """How well the likeness of headlines in `data` agrees with the scores people gave them.

    Raises:
        InputError: The folder does not hold such pairs.
    """
    return asyncio.run(_duplicates(data, progress))


async def _extraction(data: Path, progress: Progress) -> dict[str, Any]:
    start = time.perf_counter()
    async with Sandbox() as sandbox:
        report = await evaluate_extraction(data, Reading(sandbox), progress)
    metrics: dict[str, float] = {"unreadable": report.unreadable}
    for name, estimate in (("f1", report.f1), ("precision", report.precision), ("recall", report.recall)):
        metrics |= _figures(name, estimate)
    return {
        "name": "extraction",
        "n": report.n,
        "metrics": metrics,
        "seconds": round(time.perf_counter() - start, 2),
        "settings": {"shingle_tokens": 4, "interval": f"{_INTERVAL} over pages"},
    }


async def _retrieval(data: Path, progress: Progress, *, words_only: bool, scratch: Path | None) -> dict[str, Any]:
    start = time.perf_counter()
    collection = _judged(data)
    ranking = Ranking(meaning=0.0) if words_only else Ranking()
    async with _instance(scratch) as app:
        failed = await _fill(app, collection, progress, words_only=words_only)
        searcher = Searcher(app.articles, app.encoder, app.dense, app.lexical, ranking)
        report = await evaluate_finding(searcher.search, collection.questions, progress)
        counts = await app.articles.counts()
    return {
        "name": "retrieval",
        "n": report.n,
        "metrics": _all_figures(report.metrics),
        "seconds": round(time.perf_counter() - start, 2),
        "settings": {
            "encoder": None if words_only else app.encoder.name,
            "ranking": asdict(ranking) | {"half_life": f"{ranking.half_life.days} d"},
            "articles": counts.articles,
            "passages": counts.passages,
            "unreadable_lines": failed,
            "judged": dict(report.judged),
            "search_ms": percentiles([each / 1000 for each in report.milliseconds]),
            "interval": f"{_INTERVAL} over questions",
        },
    }


async def _duplicates(data: Path, progress: Progress) -> dict[str, Any]:
    start = time.perf_counter()
    pairs = read_collection(data).pairs
    if len(pairs) < _FEWEST_PAIRS:
        raise InputError(str(data), "holds no scored pairs: JSON Lines with a, b and score")
    async with _instance(None) as app:
        report = await evaluate_duplicates(app.encoder, pairs, progress)
        encoder = app.encoder.name
    by_group = {f"pearson {name}": estimate for name, estimate in report.groups.items() if name}
    return {
        "name": "duplicates",
        "n": report.n,
        "metrics": _all_figures({"pearson": report.pearson} | by_group | {"cosine_pearson": report.meaning_alone}),
        "seconds": round(time.perf_counter() - start, 2),
        "settings": {"encoder": encoder, "interval": f"{_INTERVAL} over pairs"},
    }


def _judged(data: Path) -> Collection:
    collection = read_collection(data)
    if not collection.articles:
        raise InputError(str(data), "holds no articles: JSON Lines with a text on each line")
    if not any(question.relevant or question.answers for question in collection.questions):
        raise InputError(str(data), "holds no judged questions: JSON Lines with question and relevant or answers")
    return collection


@asynccontextmanager
async def _instance(scratch: Path | None) -> AsyncIterator[App]:
    """An instance set up as this one is, with nothing in it but what an evaluation puts there."""
    with _folder(scratch) as home:
        settings = load_settings().model_copy(update={"home": home, "database_url": None, "chroma_url": None})
        async with open_app(settings) as app:
            yield app


@contextmanager
def _folder(scratch: Path | None) -> Iterator[Path]:
    if scratch is not None:
        yield scratch
        return
    with tempfile.TemporaryDirectory(prefix="tidings-evaluate-") as folder:
        yield Path(folder)


async def _fill(app: App, collection: Collection, progress: Progress, *, words_only: bool) -> int:
    """Store and index the articles; how many lines could not be read."""
    failed = 0
    for path in collection.articles:
        failed += len((await app.gather.jsonl(path, progress)).failed)
    if not words_only:
        await app.index.sync(progress)
        return failed
    # Vectors are nearly all of the work, and no use here.
    try:
        revision = await app.lexical.revision()
    except IndexDamaged:
        await app.lexical.clear()
        revision = 0
    done = await app.lexical.count()
    while (changes := await app.articles.changes(revision, _WORDS_STEP)).revision != revision:
        await app.lexical.apply(changes)
        revision = changes.revision
        done += len(changes.added)
        progress("lexical", done, None)
    return failed


def _all_figures(estimates: Mapping[str, Estimate]) -> dict[str, float]:
    return {
        name: figure for metric, estimate in estimates.items() for name, figure in _figures(metric, estimate).items()
    }


def _figures(name: str, estimate: Any) -> dict[str, float]:
    return {
        name: round(estimate.value, 4),
        f"{name}_low": round(estimate.low, 4),
        f"{name}_high": round(estimate.high, 4),
    }
