"""`tidings evaluate answers`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.app import App
from bot.evaluations.figures import INTERVAL, figures
from bot.evaluations.scratch import drawn, fill, scratch_instance
from bot.flows.converse import FALLBACK_LANGUAGE
from generation.evaluation import noise
from generation.evaluation.answers import MOST_WORDS, AskedQuestion, evaluate_answers, hits
from retrieval.evaluation.collection import JudgedQuestion, read_collection, rows
from retrieval.evaluation.estimates import mean
from retrieval.evaluation.measures import holds
from storage.domain.dialogue import Answer, Question
from storage.domain.news import ArticleId
from storage.domain.progress import Progress
from storage.errors import InputError


def run_answers(data: Path, progress: Progress, *, scratch: Path | None, most: int | None = None) -> dict[str, Any]:
    """How well the questions in `data` are answered from the articles, or the passages, in `data`.

    Args:
        data: Articles and questions, or questions that carry their passages, whatever the files' names.
        progress: Told how far reading, indexing and asking are.
        scratch: Where the instance made for this is kept, to be used again; without one it is thrown away.
        most: Ask so many of the questions, drawn by chance; all without it.

    Raises:
        InputError: The folder holds no questions, or `scratch` something else than an evaluation of the same articles.
    """
    return asyncio.run(_answers(data, progress, scratch=scratch, most=most))


async def _answers(data: Path, progress: Progress, *, scratch: Path | None, most: int | None) -> dict[str, Any]:
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

        report = await evaluate_answers(lambda each: _reply(app, each), text_of, holds, questions, progress)
        settings = {"encoder": app.encoder.name, "engine": app.engine.name}
    return {
        "name": "answers",
        "n": report.n,
        "metrics": figures({name: mean(scores) for name, scores in report.scores.items()}),
        "seconds": round(time.perf_counter() - start, 2),
        "settings": settings
        | {
            "most_words": MOST_WORDS,
            "unreadable_lines": failed,
            "judged": {name: len(scores) for name, scores in report.scores.items()},
            "interval": f"{INTERVAL} over questions, citations or sentences",
        },
    }


async def _reply(app: App, asked: AskedQuestion) -> Answer:
    """The answer from the question's own passages where it has any, else from what the whole instance finds."""
    if not asked.passages:
        return (await app.converse.reply(asked.text, now=asked.asked_until)).answer
    question = Question(
        text=asked.text,
        language=app.converse.detect(asked.text) or FALLBACK_LANGUAGE,
        asked_at=app.converse.clock(),
        standalone=asked.text,
    )
    async for part in app.converse.engine.answer(question, hits(asked)):
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
    )


def _noisy(data: Path) -> Iterator[AskedQuestion]:
    """The questions that carry their own passages."""
    for path in sorted(path for path in data.iterdir() if path.is_file()):
        for at, row in rows(path, noise.is_noisy):
            yield from noise.questions(row, at)
