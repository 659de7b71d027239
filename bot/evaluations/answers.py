"""`tidings evaluate answers`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.evaluations.figures import INTERVAL, figures
from bot.evaluations.scratch import drawn, fill, scratch_instance
from bot.evaluations.soundings import SoundedEngine, draw_trades
from bot.flows.converse import FALLBACK_LANGUAGE, Converse
from bot.flows.ports import Engine
from bot.outputs import require_writable
from generation.engines.extractive import ExtractiveEngine
from generation.evaluation import noise
from generation.evaluation.answers import MOST_WORDS, AskedQuestion, Told, evaluate_answers, hits
from retrieval.evaluation.collection import JudgedQuestion, read_collection, rows
from retrieval.evaluation.estimates import mean
from retrieval.evaluation.measures import holds
from storage.domain.dialogue import Answer, Question
from storage.domain.news import ArticleId
from storage.domain.progress import Progress
from storage.errors import InputError


def run_answers(
    data: Path, progress: Progress, *, scratch: Path | None, most: int | None = None, picture: Path | None = None
) -> dict[str, Any]:
    """How well the questions in `data` are answered from the articles, or the passages, in `data`.

    Args:
        data: Articles and questions, or questions that carry their passages, whatever the files' names.
        progress: Told how far reading, indexing and asking are.
        scratch: Where the instance made for this is kept, to be used again; without one it is thrown away.
        most: Ask so many of the questions, drawn by chance; all without it.
        picture: Where to draw what refusing more or less would cost; only for the engine that quotes.

    Raises:
        InputError: The folder holds no questions, `scratch` something else than an evaluation of the same articles, or
            the picture cannot be drawn.
    """
    if picture is not None:
        require_writable(picture)
    return asyncio.run(_answers(data, progress, scratch=scratch, most=most, picture=picture))


async def _answers(
    data: Path, progress: Progress, *, scratch: Path | None, most: int | None, picture: Path | None
) -> dict[str, Any]:
    start = time.perf_counter()
    collection = read_collection(data)
    questions = [*map(_asked, collection.questions), *_noisy(data)]
    if not questions:
        raise InputError(str(data), "holds no questions: JSON Lines with question, or query, positive and negative")
    questions = drawn(questions, most)
    async with scratch_instance(scratch, collection.articles) as app:
        failed = await fill(app, collection, progress, words_only=False) if collection.articles else 0
        await app.load_model()

        async def text_of(article_id: ArticleId) -> str | None:
            article = await app.articles.get(article_id)
            return None if article is None else article.text

        sounded = _sounded(app.converse.engine, picture)
        converse = app.converse if sounded is None else replace(app.converse, engine=sounded)

        async def ask(asked: AskedQuestion) -> Answer:
            answer = await _reply(converse, asked)
            if sounded is not None:
                sounded.judged(unanswerable=asked.unanswerable)
            return answer

        report = await evaluate_answers(ask, text_of, holds, questions, progress)
        settings = {"encoder": app.encoder.name, "engine": app.engine.name}
    trades = [] if sounded is None else sounded.trades()
    if sounded is not None and picture is not None:
        draw_trades(sounded, picture)
    return {
        "name": "answers",
        "n": report.n,
        "metrics": figures({name: mean(scores) for name, scores in report.scores.items()}),
        **({"trade_off": trades} if trades else {}),
        "seconds": round(time.perf_counter() - start, 2),
        "settings": settings
        | {
            "most_words": MOST_WORDS,
            "unreadable_lines": failed,
            "judged": {name: len(scores) for name, scores in report.scores.items()},
            "interval": f"{INTERVAL} over questions, citations or sentences",
        },
    }


def _sounded(engine: Engine, picture: Path | None) -> SoundedEngine | None:
    """The engine that keeps how sure it was, where it is one that says so.

    Raises:
        InputError: A picture of it is wanted, and it does not say.
    """
    if isinstance(engine, ExtractiveEngine):
        return SoundedEngine(engine=engine)
    if picture is not None:
        raise InputError(str(picture), f"the engine {engine.name} does not say how sure it is, so nothing can be drawn")
    return None


async def _reply(converse: Converse, asked: AskedQuestion) -> Answer:
    """The answer from the question's own passages where it has any, else from what the whole instance finds."""
    if not asked.passages:
        return (await converse.reply(asked.text, now=asked.asked_until)).answer
    question = Question(
        text=asked.text,
        language=converse.detect(asked.text) or FALLBACK_LANGUAGE,
        asked_at=converse.clock(),
        standalone=asked.text,
    )
    async for part in converse.engine.answer(question, hits(asked)):
        if isinstance(part, Answer):
            return part
    raise AssertionError("an engine ended without an answer")


def _asked(judged: JudgedQuestion) -> AskedQuestion:
    return AskedQuestion(
        text=judged.text,
        # An answer that no article holds word for word cannot be looked for in a quotation.
        answers=() if judged.answer_in_text is False else judged.answers,
        unanswerable=judged.unanswerable,
        asked_until=judged.asked_until,
        course=tuple(Told(day=moment.day, holds=moment.holds) for moment in judged.course),
        sides=judged.sides,
    )


def _noisy(data: Path) -> Iterator[AskedQuestion]:
    """The questions that carry their own passages."""
    for path in sorted(path for path in data.iterdir() if path.is_file()):
        for at, row in rows(path, noise.is_noisy):
            yield from noise.questions(row, at)
