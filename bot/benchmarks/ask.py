"""`tidings bench ask`: question to whole cited reply, warm, beside a plain encode-and-query pipeline.

The peer encodes the question in float32 with sentence-transformers, queries one Chroma collection and hands passages
on; it reads the same passages and vectors, and neither uses words, nor checks, nor cites. Articles and vectors are
invented (see `invented`), so the figure is of time, not of quality.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from bot.app import App, open_app, utc_now
from bot.benchmarks.invented import InventedArticle, invented_articles, invented_vectors
from bot.benchmarks.machine import machine, peak_memory_mb, percentiles
from bot.benchmarks.plain import PlainPipeline
from bot.settings import Settings
from retrieval.index.pretrained import packaged_model
from retrieval.ingest.prepare import Gathered, Preparing
from storage.domain.progress import Progress

T = TypeVar("T")

BATCH = 500
WARM_QUESTIONS = 10
PASSAGES = 12


def run_bench(*, articles: int, questions: int, progress: Progress) -> dict[str, object]:
    """The figures for `articles` invented articles and `questions` questions about them.

    `reply_*` is Tidings from question to whole reply, `plain_*` the peer from question to passages; `answered` is the
    share of replies that contain the fact asked for, which says that the work was really done.
    """
    with tempfile.TemporaryDirectory(prefix="tidings-bench-") as folder:
        return asyncio.run(_measured(Path(folder), articles, questions, progress))


async def _measured(folder: Path, articles: int, questions: int, progress: Progress) -> dict[str, object]:
    plain = PlainPipeline(folder / "plain", packaged_model())
    async with open_app(Settings(home=folder / "home")) as app:
        built = await fill(app, plain, articles, progress)
        asked = spread(built, questions + WARM_QUESTIONS)
        await app.warm()
        replies, plains, answered = [], [], 0
        for number, article in enumerate(asked):
            start = time.perf_counter()
            reply = await app.converse.reply(article.question)
            middle = time.perf_counter()
            plain.search(article.question, PASSAGES)
            end = time.perf_counter()
            progress("asked", number + 1, len(asked))
            if number >= WARM_QUESTIONS:
                replies.append(middle - start)
                plains.append(end - middle)
                answered += article.answer in reply.answer.text
    return {
        "name": "ask",
        "metrics": {
            "articles": articles,
            "questions": questions,
            "answered": round(answered / questions, 3),
            **{f"reply_{name}": figure for name, figure in percentiles(replies).items()},
            **{f"plain_{name}": figure for name, figure in percentiles(plains).items()},
            "peak_memory_mb": peak_memory_mb(),
        },
        "machine": machine(),
    }


async def fill(app: App, plain: PlainPipeline | None, n: int, progress: Progress) -> Sequence[InventedArticle]:
    """Store, and index, `n` articles with ready vectors, in both pipelines where there are two."""
    built = list(invented_articles(n))
    preparing = Preparing(app.articles, utc_now)
    dimensions = len(await app.encoder.encode_query("news"))
    for start, batch in _batches(built, BATCH):
        await preparing.store([_gathered(each) for each in batch])
        missing = await app.articles.unencoded(app.encoder.name, n)
        vectors = invented_vectors(len(missing), dimensions, seed=start)
        await app.articles.store_vectors(app.encoder.name, [passage.id for passage in missing], vectors)
        if plain is not None:
            plain.add_vectors([str(passage.id) for passage in missing], [passage.text for passage in missing], vectors)
        progress("stored", start + len(batch), n)
    preparing.close()
    await app.index.sync(progress)
    return built


def _gathered(article: InventedArticle) -> Gathered:
    return Gathered(id=article.id, title=article.title, text=article.text, published=article.published, language="en")


def spread(built: Sequence[InventedArticle], n: int) -> list[InventedArticle]:
    """`n` articles at even distances."""
    return [built[at * len(built) // n] for at in range(n)]


def _batches(items: Sequence[T], size: int) -> Iterator[tuple[int, Sequence[T]]]:
    for start in range(0, len(items), size):
        yield start, items[start : start + size]
