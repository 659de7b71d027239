"""`tidings evaluate retrieval`."""

from __future__ import annotations

import asyncio
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.app import App
from bot.benchmarks.machine import percentiles
from bot.evaluations.ablation import ablation
from bot.evaluations.figures import INTERVAL, figures
from bot.evaluations.scratch import fill, scratch_instance
from retrieval.evaluation.collection import Collection, read_collection
from retrieval.evaluation.finding import evaluate_finding
from retrieval.ports import Space
from retrieval.search.ranking import Ranking
from retrieval.search.searcher import Searcher
from storage.domain.progress import Progress
from storage.errors import InputError


def run_retrieval(
    data: Path, progress: Progress, *, words_only: bool, scratch: Path | None, ablated: bool = False
) -> dict[str, Any]:
    """How well the questions in `data` find what answers them among the articles in `data`.

    Args:
        data: Articles and questions, whatever the files' names.
        progress: Told how far reading, indexing and asking are.
        words_only: Leave meaning out: no passage is encoded, and the ranking is by words alone.
        scratch: Where the instance made for this is kept, to be used again; without one it is thrown away.
        ablated: Measure plainer searches too, each with one part of ours less.

    Raises:
        InputError: The folder does not hold both, or `scratch` something else than an evaluation of the same articles.
    """
    return asyncio.run(_retrieval(data, progress, words_only=words_only, scratch=scratch, ablated=ablated))


async def _retrieval(
    data: Path, progress: Progress, *, words_only: bool, scratch: Path | None, ablated: bool
) -> dict[str, Any]:
    start = time.perf_counter()
    collection = _judged(data)
    ranking = Ranking(meaning=0.0) if words_only else Ranking()
    async with scratch_instance(scratch, collection.articles) as app:
        failed = await fill(app, collection, progress, words_only=words_only)
        unknown = await _unknown(app, collection, data)
        space, reranker = Space(encoder=app.encoder, dense=app.dense), None if words_only else app.reranker
        searcher = Searcher(app.articles, space, app.lexical, ranking, reranker)
        report = await evaluate_finding(searcher.search, collection.questions, progress)
        rows = await ablation(app, collection.questions, reranker, progress) if ablated else {}
        counts = await app.articles.counts()
    return {
        "name": "retrieval",
        "n": report.n,
        "metrics": figures(report.metrics),
        **({"ablation": {name: figures(row.metrics) for name, row in rows.items()}} if ablated else {}),
        "seconds": round(time.perf_counter() - start, 2),
        "settings": {
            "encoder": None if words_only else app.encoder.name,
            "reranker": None if words_only else app.settings.reranker,
            "ranking": asdict(ranking) | {"half_life": f"{ranking.half_life.days} d"},
            "articles": counts.articles,
            "passages": counts.passages,
            "unreadable_lines": failed,
            "unknown_relevant": unknown,
            "judged": dict(report.judged),
            "search_ms": percentiles([each / 1000 for each in report.milliseconds]),
            "interval": f"{INTERVAL} over questions",
        },
    }


def _judged(data: Path) -> Collection:
    collection = read_collection(data)
    if not collection.articles:
        raise InputError(str(data), "holds no articles: JSON Lines with a text on each line")
    if not any(question.relevant or question.answers for question in collection.questions):
        raise InputError(str(data), "holds no judged questions: JSON Lines with question and relevant or answers")
    return collection


async def _unknown(app: App, collection: Collection, data: Path) -> int:
    """How many of the articles that are to be found are not there to be found.

    Raises:
        InputError: None of them is.
    """
    named = {article for question in collection.questions for article in question.relevant}
    unknown = [article for article in named if await app.articles.get(article) is None]
    if named and len(unknown) == len(named):
        raise InputError(str(data), f"no article has the id {unknown[0]}: relevant names articles by their ids")
    return len(unknown)
