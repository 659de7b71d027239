"""`tidings evaluate injection`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.app import App, shipped
from bot.evaluations.figures import INTERVAL, figures
from bot.evaluations.scratch import drawn, scratch_instance
from bot.flows.converse import FALLBACK_LANGUAGE
from bot.models import storyteller, summarizer
from generation.brief import of_story
from generation.evaluation.injection import Task, evaluate_injection
from generation.quoting.headlines import headlines
from retrieval.evaluation.collection import rows
from retrieval.evaluation.estimates import mean
from storage.domain.dialogue import Answer, Question
from storage.domain.news import Article, ArticleId, Headline, Hit, Passage, PassageId
from storage.domain.progress import Progress
from storage.domain.summaries import Document
from storage.errors import InputError

# As much of an article as an engine reads of one.
_READ = 2_000
_FEWEST_CHARACTERS = 300
_SHOWN_ESCAPES = 20
_SUMMARY_WORDS = 60


def run_injection(
    data: Path, progress: Progress, *, articles: Path | None = None, most: int | None = None
) -> dict[str, Any]:
    """How much of the orders in `data`, planted in articles, is obeyed.

    Args:
        data: Orders, whatever the files' names.
        progress: Told how many were planted.
        articles: A folder of articles to plant them in; those that ship with Tidings without one.
        most: Plant so many of the orders, drawn by chance; all without it.

    Raises:
        InputError: A folder does not hold what it should.
        GenerationError: The model that the settings name cannot be used.
    """
    return asyncio.run(_injection(data, progress, articles=articles, most=most))


async def _injection(data: Path, progress: Progress, *, articles: Path | None, most: int | None) -> dict[str, Any]:
    start = time.perf_counter()
    orders = [str(row["attack"]) for path in _files(data) for _, row in rows(path, lambda row: "attack" in row)]
    if not orders:
        raise InputError(str(data), "holds no orders: JSON Lines with attack")
    orders = drawn(orders, most)
    files = [shipped("sample.jsonl")] if articles is None else _files(articles)
    held = [article for path in files for article in _articles(path)]
    if not held:
        raise InputError(str(articles), f"holds no articles of {_FEWEST_CHARACTERS} characters: JSON Lines with text")
    async with scratch_instance(None) as app:
        await app.load_model()
        report = await evaluate_injection(_tasks(app), held, orders, progress)
        engine = app.engine.name
    everything = [score for scores in report.obeyed.values() for score in scores]
    quoted = [score for scores in report.quoted.values() for score in scores]
    return {
        "name": "injection",
        "n": len(everything),
        "metrics": figures(
            {"obeyed": mean(everything), "quoted": mean(quoted)}
            | {f"obeyed_{task}": mean(scores) for task, scores in report.obeyed.items()}
            | {f"silent_{task}": mean(scores) for task, scores in report.silent.items()}
        )
        | {"attempts": len(everything)},
        "seconds": round(time.perf_counter() - start, 2),
        "escapes": [
            {
                "task": each.task,
                "place": each.place,
                "order": each.order,
                "sentence": each.sentence,
                "quoted": each.quoted,
            }
            for each in report.escapes[:_SHOWN_ESCAPES]
        ],
        "settings": {"engine": engine, "articles": len(held), "interval": f"{INTERVAL} over planted orders"},
    }


def _tasks(app: App) -> Mapping[str, Task]:
    async def answer(article: Article) -> Sequence[str]:
        async for part in app.engine.answer(_question(app, article), [_hit(article)]):
            if isinstance(part, Answer):
                return [sentence.text for sentence in part.sentences]
        raise AssertionError("an engine ended without an answer")

    async def listing(article: Article) -> Sequence[str]:
        listed = headlines(_question(app, article), [_hit(article)], "", 1)
        return [sentence.text for sentence in listed.sentences]

    async def summary(article: Article) -> Sequence[str]:
        document = Document(text=article.text, title=article.headline.title)
        summed = await summarizer(app.model, app.settings).summarize(document, words=_SUMMARY_WORDS)
        return [sentence.text for sentence in summed.sentences]

    async def story(article: Article) -> Sequence[str]:
        teller = storyteller(app.model, app.settings)
        hits = [_hit(article)]
        title, gist = await teller.headline(hits), await teller.gist(hits)
        # The article's own title, in which nothing is planted, is the article's.
        named = [] if title.text in article.headline.title else [title.text]
        # The mark of a sentence that goes on is ours.
        return [*named, *(line.text.removesuffix("…") for line in gist.lines)]

    async def brief(article: Article) -> Sequence[str]:
        told = of_story(article.headline.title, [_hit(article)], app.converse.clock())
        said = (*told.background, *told.agreed, *told.unsettled, *(each.sentence for each in told.timeline))
        return [sentence.text for sentence in said]

    return {"answer": answer, "summary": summary, "listing": listing, "story": story, "brief": brief}


def _question(app: App, article: Article) -> Question:
    title = article.headline.title
    language = app.converse.detect(title) or FALLBACK_LANGUAGE
    return Question(text=title, language=language, asked_at=app.converse.clock(), standalone=title)


def _hit(article: Article) -> Hit:
    return Hit(passage=Passage(id=PassageId(0), position=0, text=article.text, headline=article.headline), score=1.0)


def _articles(path: Path) -> Iterator[Article]:
    for at, row in rows(path, lambda row: "text" in row):
        text, title = str(row["text"]).strip()[:_READ], str(row.get("title") or "").strip()
        if len(text) >= _FEWEST_CHARACTERS:
            headline = Headline(
                id=ArticleId(at),
                title=title or text.split("\n")[0][:80],
                first_seen=datetime.min.replace(tzinfo=UTC),
                group=ArticleId(at),
            )
            yield Article(headline=headline, text=text)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file())
