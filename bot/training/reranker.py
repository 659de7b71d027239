"""`tidings train reranker`."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.app import App, open_app, utc_now
from bot.evaluations.figures import INTERVAL, figures
from bot.evaluations.scratch import fill, scratch_instance
from bot.settings import load_settings
from retrieval.evaluation.collection import Collection, JudgedQuestion, read_collection
from retrieval.evaluation.estimates import mean
from retrieval.evaluation.finding import as_request
from retrieval.evaluation.pooled import read_pool, write_articles
from retrieval.index.words import WordCutter
from retrieval.search.features import features
from retrieval.search.rerank import as_asked, write_weights
from retrieval.search.searcher import RERANKED, Searcher
from retrieval.training.reranking import FOLDS, Lesson, cross_fitted, fit, graded, measured, scores
from storage.domain.progress import Progress
from storage.errors import InputError

_FILE = "reranker.json"
_COLUMNS = "to rank articles, for questions in other languages and in Chinese; to choose among an article's passages"


@dataclass(frozen=True, slots=True, kw_only=True)
class RerankerRequest:
    """What was asked for.

    Args:
        data: Folders of articles and judged questions, or of questions that carry their passages.
        here: Whether this instance holds the articles already, so that it is searched as it is.
        scratch: Where the instances made for this are kept, one a folder; without one they are thrown away.
        out: The file of the model; `None` is in the instance's folder.
    """

    data: tuple[Path, ...]
    here: bool = False
    scratch: Path | None = None
    out: Path | None = None


def run_reranker(request: RerankerRequest, progress: Progress) -> dict[str, Any]:
    """Search for every question, fit the model to what was found, judge it on questions it was not fitted to, keep it.

    Raises:
        InputError: The folders hold no judged questions, nothing found answers any of them, or the file cannot be
            written.
    """
    start = time.perf_counter()
    lessons, encoder = asyncio.run(_gathered(request, progress))
    if not any(lesson.grades.any() for lesson in lessons):
        raise InputError(
            ", ".join(map(str, request.data)),
            "nothing that was found answers any question; with --here, this instance must hold the articles",
        )
    weights = fit(lessons)
    before = measured(lessons, [[candidate.score for candidate in lesson.candidates] for lesson in lessons])
    unseen = measured(lessons, cross_fitted(lessons))
    fitted = measured(lessons, [scores(weights, lesson) for lesson in lessons])
    out = request.out or load_settings().home / _FILE
    judged = {name: sum(lesson.data == name for lesson in lessons) for name in before}
    result = {
        "name": "reranker",
        "n": len(lessons),
        "before": _figures(before),
        "unseen": _figures(unseen),
        "fitted": _figures(fitted),
        "gain": _figures(_gains(before, unseen)),
        "path": str(out),
        "settings": {
            "encoder": encoder,
            "folds": FOLDS,
            "judged": judged,
            "interval": f"{INTERVAL} over questions; unseen: by models fitted without the question and its articles",
        },
    }
    made = {"by": "tidings train reranker", "on": f"{utc_now():%Y-%m-%d}", "encoder": encoder, "questions": judged}
    shown = {
        kind: {name: round(value, 3) for name, value in _values(found).items()}
        for kind, found in (("before", before), ("unseen", unseen), ("fitted", fitted))
    }
    write_weights(out, weights, made | {"weights": _COLUMNS} | shown)
    return result | {"seconds": round(time.perf_counter() - start, 2)}


async def _gathered(request: RerankerRequest, progress: Progress) -> tuple[list[Lesson], str]:
    lessons: list[Lesson] = []
    encoder = ""
    for folder in request.data:
        async with _instance(request, folder, progress) as (app, questions):
            space = await app.spaces.current()
            encoder = space.encoder.name
            searcher = Searcher(app.articles, space, app.lexical)
            lessons += await _lessons(folder.name, questions, searcher, app.cutter, progress)
    return lessons, encoder


@asynccontextmanager
async def _instance(
    request: RerankerRequest, folder: Path, progress: Progress
) -> AsyncIterator[tuple[App, Sequence[JudgedQuestion]]]:
    """What holds the articles of a folder, and the questions about them."""
    collection, pool = read_collection(folder), read_pool(folder)
    if request.here and collection.questions:
        async with open_app(load_settings()) as app:
            yield app, collection.questions
        return
    with tempfile.TemporaryDirectory(prefix="tidings-train-") as drafts:
        if pool.questions:
            path = Path(drafts) / "passages.jsonl"
            write_articles(pool, path)
            collection = Collection(articles=(path,), questions=pool.questions, pairs=())
        if not collection.articles or not collection.questions:
            raise InputError(str(folder), "holds no judged questions with articles or passages")
        kept = request.scratch / folder.name if request.scratch else None
        async with scratch_instance(kept, collection.articles) as app:
            await fill(app, collection, progress, words_only=False)
            yield app, collection.questions


async def _lessons(
    data: str, questions: Sequence[JudgedQuestion], searcher: Searcher, cutter: WordCutter, progress: Progress
) -> list[Lesson]:
    judged = [question for question in questions if question.relevant or question.answers]
    lessons: list[Lesson] = []
    for done, question in enumerate(judged, start=1):
        look = await searcher.look(as_request(question))
        candidates, asked = look.candidates[:RERANKED], as_asked(look.question, cutter)
        lessons.append(
            Lesson(
                data=data,
                question=question,
                candidates=candidates,
                rows=features(asked, candidates),
                chinese=asked.chinese,
                grades=graded(question, candidates),
            )
        )
        progress("questions", done, len(judged))
    return lessons


Scores = Mapping[str, Mapping[str, Sequence[float]]]


def _figures(scores: Scores) -> dict[str, dict[str, float]]:
    return {data: figures({name: mean(values) for name, values in metrics.items()}) for data, metrics in scores.items()}


def _gains(before: Scores, after: Scores) -> dict[str, dict[str, list[float]]]:
    """What each question gained."""
    return {
        data: {
            name: [late - early for early, late in zip(values, after[data][name], strict=True)]
            for name, values in metrics.items()
        }
        for data, metrics in before.items()
    }


def _values(scores: Scores) -> dict[str, float]:
    return {
        f"{data} {name}": sum(values) / len(values)
        for data, metrics in scores.items()
        for name, values in metrics.items()
    }
