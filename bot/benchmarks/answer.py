"""`tidings bench answer`: questions to streamed replies, for one reader and for many, with the engine of the settings.

What is timed is what a reader waits for: the first sentence that was checked, and the whole reply. Ten times as many
readers as are asked for come last, all in one moment: how many a model answers then, and how soon the others are given
the sources' words instead. A crowd comes several times, each after as many as are usual, so that what else the machine
does falls on both alike; for a model in this process, TIDINGS_LLM_READERS should be as many as are usual. How long a
small model goes on is chance, which a bound on its replies takes out.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from bot.app import App, open_app
from bot.benchmarks.ask import WARM_QUESTIONS, fill, spread
from bot.benchmarks.invented import InventedArticle
from bot.benchmarks.machine import machine, peak_memory_mb, percentiles
from bot.settings import load_settings
from generation.messages import Prompt
from generation.metering import MeteredModel
from generation.ports import ChatModel
from storage.domain.dialogue import Lapse, Reply
from storage.domain.progress import Progress

TIMES_OVER = 10
CROWDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A model that may write only so many tokens a reply; implements `generation.ports.ChatModel`."""

    model: ChatModel
    tokens: int

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def context(self) -> int:
        return self.model.context

    def count(self, text: str) -> int:
        return self.model.count(text)

    def write(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        return self.model.write(replace(prompt, tokens=min(prompt.tokens, self.tokens)))

    async def load(self) -> None:
        await self.model.load()

    async def close(self) -> None:
        await self.model.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A reply, and how long a reader waited for its first sentence and for all of it, in seconds."""

    reply: Reply
    holds: bool
    first: float
    whole: float


def run_bench(
    *,
    articles: int,
    questions: int,
    readers: Sequence[int],
    overload: bool,
    reply: int | None = None,
    progress: Progress,
) -> dict[str, object]:
    """The figures for `questions` questions about invented articles, so many at a time.

    Args:
        articles: How many are in.
        questions: How many are asked for each number of readers.
        readers: How many ask at once, each a run of its own.
        overload: Whether ten times the most of them come in one moment, too.
        reply: How many tokens a model may write at most; as many as for any reader where `None`.
        progress: Told how far it is.

    Raises:
        SettingsError: The engine that the settings name lacks a setting.
    """
    with tempfile.TemporaryDirectory(prefix="tidings-bench-") as folder:
        return asyncio.run(_measured(Path(folder), articles, questions, readers, overload, reply, progress))


async def _measured(
    folder: Path,
    articles: int,
    questions: int,
    readers: Sequence[int],
    overload: bool,
    reply: int | None,
    progress: Progress,
) -> dict[str, object]:
    changed = {"home": folder / "home", "database_url": None, "chroma_url": None}
    async with open_app(load_settings().model_copy(update=changed)) as app:
        if app.model is not None and reply is not None:
            app.model = MeteredModel(Brief(model=app.model.model, tokens=reply))
        built = await fill(app, None, articles, progress)
        await app.warm()
        warm, counts = min(WARM_QUESTIONS, questions), sorted(set(readers))
        crowds = CROWDS * (1 + TIMES_OVER) * counts[-1] if overload else 0
        # No question is asked twice, where there are articles enough: a model need not read again what it has read.
        asked = iter(spread(built, warm + questions * len(counts) + crowds))
        for article in islice(asked, warm):
            await _ask(app, article)
        metrics: dict[str, object] = {"articles": articles, "questions": questions}
        for n in counts:
            metrics[f"readers_{n}"] = _figures(await _many(app, list(islice(asked, questions)), n, progress))
        if overload:
            metrics["overload"] = await _overload(app, asked, counts[-1], progress)
        engine = app.engine.name
    return {
        "name": "answer",
        "metrics": metrics | {"peak_memory_mb": peak_memory_mb()},
        "engine": engine,
        "machine": machine(),
    }


async def _many(app: App, articles: Sequence[InventedArticle], at_once: int, progress: Progress) -> list[_Asked]:
    """Ask about each, never more than so many at once."""
    turn = asyncio.Semaphore(at_once)
    done = 0

    async def ask(article: InventedArticle) -> _Asked:
        nonlocal done
        async with turn:
            asked = await _ask(app, article)
        done += 1
        progress(f"{at_once} at once", done, len(articles))
        return asked

    return list(await asyncio.gather(*map(ask, articles)))


async def _overload(app: App, asked: Iterator[InventedArticle], readers: int, progress: Progress) -> dict[str, float]:
    """Crowds of ten times as many as are usual, each after as many as are."""
    usual: list[_Asked] = []
    crowds: list[_Asked] = []
    for number in range(CROWDS):
        usual += await asyncio.gather(*(_ask(app, each) for each in islice(asked, readers)))
        crowds += await asyncio.gather(*(_ask(app, each) for each in islice(asked, TIMES_OVER * readers)))
        progress("crowds", number + 1, CROWDS)
    return _crowded(crowds, percentiles([each.whole for each in usual])["p95_ms"])


async def _ask(app: App, article: InventedArticle) -> _Asked:
    start = time.perf_counter()
    first = None
    async with aclosing(app.converse.ask(article.question)) as parts:
        async for part in parts:
            first = first or time.perf_counter() - start
            if isinstance(part, Reply):
                whole = time.perf_counter() - start
                return _Asked(reply=part, holds=article.answer in part.answer.text, first=first, whole=whole)
    raise AssertionError("a conversation ended without a reply")


def _figures(asked: Sequence[_Asked]) -> dict[str, float]:
    lapses = Counter(each.reply.answer.lapse for each in asked)
    return {
        "answered": round(sum(each.holds for each in asked) / len(asked), 3),
        **{f"first_{name}": figure for name, figure in percentiles([each.first for each in asked]).items()},
        **{f"whole_{name}": figure for name, figure in percentiles([each.whole for each in asked]).items()},
        **{f"lapse_{lapse}": count for lapse, count in lapses.items() if lapse is not None},
    }


def _crowded(asked: Sequence[_Asked], usual: float) -> dict[str, float]:
    """Those that the model answered beside those that were turned away."""
    away = [each.whole for each in asked if each.reply.answer.lapse is Lapse.BUSY]
    served = [each.whole for each in asked if each.reply.answer.lapse is not Lapse.BUSY]
    accepted = percentiles(served)["p95_ms"] if served else 0.0
    return {
        "readers": len(asked),
        "crowds": CROWDS,
        "accepted": len(served),
        "turned_away": len(away),
        "turned_away_p95_ms": percentiles(away)["p95_ms"] if away else 0.0,
        "accepted_whole_p95_ms": accepted,
        "usual_whole_p95_ms": usual,
        "times_usual": round(accepted / usual, 2) if usual else 0.0,
    }
