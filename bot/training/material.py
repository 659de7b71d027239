"""What an instance, or folders of data, hold that a model can learn from: articles, and questions they answered."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from bot.app import shipped
from retrieval.evaluation.collection import read_collection
from retrieval.training.examples import Asked, Example, Lesson, asked_in, asked_of, of_article, of_question
from storage.corpus import Corpus
from storage.dialogues import DialogueStore
from storage.domain.news import ArticleId
from storage.domain.progress import Progress

# The newest ones; more than these take longer to learn from than anybody waits.
_MOST_ARTICLES = 20_000
_MOST_QUESTIONS = 20_000
_STEP = 500
# A language with a smaller share of the examples is not learnt but kept as it is, unless it is the only one.
_LEARNT_SHARE = 0.02
_MOST_KEPT = 1_500
_MOST_TURNS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """Which examples to learn from, and which texts to leave where they are."""

    examples: tuple[Example, ...]
    kept: tuple[str, ...]
    languages: frozenset[str | None]


async def lessons(corpus: Corpus, needed: Collection[ArticleId], progress: Progress) -> dict[ArticleId, Lesson]:
    """The newest articles, and those `needed` whatever their age."""
    newest: list[tuple[float, ArticleId, Lesson]] = []
    always: dict[ArticleId, Lesson] = {}
    revision = read = 0
    while (changes := await corpus.changes(revision, _STEP)).revision != revision:
        revision = changes.revision
        for headline, passages in groupby(changes.added, key=lambda passage: passage.headline):
            lesson = Lesson(
                article=headline.id,
                group=headline.group,
                title=headline.title,
                language=headline.language,
                at=headline.published or headline.first_seen,
                passages=tuple(passage.text for passage in passages),
            )
            if lesson.article in needed:
                always[lesson.article] = lesson
                continue
            held = (lesson.at.timestamp(), lesson.article, lesson)
            (heapq.heappush if len(newest) < _MOST_ARTICLES else heapq.heappushpop)(newest, held)
        read += len(changes.added)
        progress("articles", read, None)
    return {article: lesson for _, article, lesson in newest} | always


async def asked_here(dialogues: DialogueStore) -> list[Asked]:
    """The questions that this instance answered."""
    turns = await dialogues.answered(_MOST_QUESTIONS)
    return [asked for turn in turns if (asked := asked_in(turn)) is not None]


def asked_there(data: Sequence[Path]) -> list[Asked]:
    """The judged questions in folders of data."""
    judged = (question for folder in data for question in read_collection(folder).questions)
    return [asked for question in judged if (asked := asked_of(question)) is not None]


def examples_of(held: Mapping[ArticleId, Lesson], asked: Sequence[Asked], seed: int) -> list[Example]:
    """All that the articles and the questions teach, articles in rarer languages by several draws."""
    turns = _turns(Counter(lesson.language for lesson in held.values()))
    return [
        *(
            example
            for lesson in held.values()
            for turn in range(turns[lesson.language])
            for example in of_article(lesson, seed + turn)
        ),
        *(example for question in asked for example in of_question(question, held)),
    ]


def _turns(articles: Counter[str | None]) -> dict[str | None, int]:
    """How often articles of each language are drawn from: a tenth of the articles is then a quarter of the examples.

    Shares are flattened by their square root, as multilingual models do (exponents of 0.3 to 0.7 are usual: Conneau et
    al., 2020), lest the language of most news be learnt at the cost of the others.
    """
    most = max(articles.values(), default=1)
    return {language: min(_MOST_TURNS, round((most / n) ** 0.5)) for language, n in articles.items()}


def learnt(training: Sequence[Example], seed_texts: Mapping[str, Sequence[str]]) -> Learnt:
    """The examples of the languages there is enough of; texts of all others are to stay as they are.

    Args:
        training: What may be learnt from.
        seed_texts: Texts by language, for those that the examples have nothing of.
    """
    by_language: dict[str | None, list[Example]] = {}
    for example in training:
        by_language.setdefault(example.language, []).append(example)
    most = max(map(len, by_language.values()), default=0)
    enough = min(most, max(1, round(len(training) * _LEARNT_SHARE)))
    languages = frozenset(language for language, of in by_language.items() if len(of) >= enough)
    kept = [example.positive for example in training if example.language not in languages]
    kept += (text for language, texts in seed_texts.items() if language not in languages for text in texts)
    return Learnt(
        examples=tuple(example for example in training if example.language in languages),
        kept=tuple(dict.fromkeys(kept))[:_MOST_KEPT],
        languages=languages,
    )


def sample_texts() -> dict[str, list[str]]:
    """The paragraphs of the sample edition, by language."""
    texts: dict[str, list[str]] = {}
    for article in _sample():
        texts.setdefault(article["language"], []).extend([article["title"], *article["text"].split("\n\n")])
    return texts


def _sample() -> Iterator[dict[str, str]]:
    with shipped("sample.jsonl").open(encoding="utf-8") as file:
        yield from map(json.loads, file)
