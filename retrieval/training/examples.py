"""What a model is to learn from: texts people look for something by, each with a passage that they should find.

Pure. Everything comes from what an instance holds: its articles say how headline and first sentence go with what
follows, its questions which article answered. Chance follows from the article, so that the same articles give the same
examples in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from retrieval.evaluation.collection import JudgedQuestion
from retrieval.evaluation.measures import holds
from retrieval.training.chance import chance_of
from retrieval.training.overlap import shared, terms
from retrieval.training.spans import as_question
from storage.domain.dialogue import Turn
from storage.domain.news import ArticleId
from storage.domain.sentences import sentences
from storage.domain.times import require_aware

# A passage shorter than this says too little to be looked for, and a lead is cut where it becomes a passage itself.
_SHORTEST_PASSAGE = 40
_SHORTEST_TITLE = 8
_LONGEST_LEAD = 200
_TITLES, _SPANS = 2, 3
# The lead stands for the beginning: what follows it soon is what it is about.
_NEAR_THE_LEAD = 4
# How often the sentence itself is taken out of the passage, so that not its words alone lead there.
_WITHOUT_THE_SENTENCE = 0.4


class Kind(StrEnum):
    """Where an example comes from."""

    TITLE = "title"
    LEAD = "lead"
    SPAN = "span"
    QUESTION = "question"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """An article to learn from. `at` is when it was published, or first seen; `passages` are not empty."""

    article: ArticleId
    group: ArticleId
    title: str
    language: str | None
    at: datetime
    passages: tuple[str, ...]

    def __post_init__(self) -> None:
        require_aware(self.at, "at")

    def as_indexed(self, passage: str) -> str:
        """What of one of its passages is encoded when it is indexed."""
        return passage if passage.startswith(self.title) else f"{self.title}\n{passage}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text and a passage that it should find, rather than `negative` where that is known.

    `answers` are texts that an answer to it holds; a passage that holds one is no negative. `at` and `group` are the
    article's.
    """

    query: str
    positive: str
    negative: str | None = None
    kind: Kind
    language: str | None
    at: datetime
    article: ArticleId
    group: ArticleId
    answers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_aware(self.at, "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question and the articles that answered it.

    Args:
        text: The question, complete in itself.
        articles: What it was answered from.
        answers: Texts any of which is the answer, where people said so.
        reply: What was replied, where nobody said what the answer is.
    """

    text: str
    articles: tuple[ArticleId, ...]
    answers: tuple[str, ...] = ()
    reply: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A question that a language model wrote of a passage of an article, and nobody asked."""

    text: str
    article: ArticleId
    passage: str


def asked_in(turn: Turn) -> Asked | None:
    """A turn of a conversation as a question; `None` where nothing was found to answer it from, or asked."""
    if turn.commanded or not turn.cited or not turn.standalone.strip():
        return None
    return Asked(text=turn.standalone, articles=turn.cited, reply=turn.answer)


def asked_of(question: JudgedQuestion) -> Asked | None:
    """A judged question, where it says which articles answer it."""
    if not question.relevant:
        return None
    return Asked(text=question.text, articles=question.relevant, answers=question.answers)


def of_article(lesson: Lesson, seed: int) -> Iterator[Example]:
    """What an article itself teaches: headline to passage, lead to another passage, part of a sentence to its passage.

    A headline or a lead is to find a passage that is not led by the headline, as it is when it is indexed: those words
    would be all there is to learn.
    """
    chance = chance_of(seed, lesson.article)
    passages = [passage for passage in lesson.passages if len(passage) >= _SHORTEST_PASSAGE]
    if not passages:
        return
    if len(lesson.title) >= _SHORTEST_TITLE:
        for passage in chance.sample(passages, min(_TITLES, len(passages))):
            if body := passage.removeprefix(lesson.title).strip():
                yield _example(lesson, Kind.TITLE, lesson.title, body)
    lead = _lead(passages[0])
    if lead and len(passages) > 1:
        yield _example(lesson, Kind.LEAD, lead, chance.choice(passages[1 : 1 + _NEAR_THE_LEAD]))
    for _ in range(_SPANS):
        passage = chance.choice(passages)
        start, end = chance.choice(sentences(passage))
        query = as_question(passage[start:end], lesson.language, chance)
        if query is None:
            continue
        rest = f"{passage[:start]}{passage[end:]}".strip()
        hidden = chance.random() < _WITHOUT_THE_SENTENCE and len(rest) >= _SHORTEST_PASSAGE
        yield _example(lesson, Kind.SPAN, query, lesson.as_indexed(rest if hidden else passage))


def of_question(asked: Asked, lessons: Mapping[ArticleId, Lesson]) -> Iterator[Example]:
    """A question with the passage of each of its articles that answers it; articles that are not held are left out."""
    for article in asked.articles:
        lesson = lessons.get(article)
        if lesson is not None:
            passage = lesson.as_indexed(_answering(asked, lesson.passages))
            yield _example(lesson, Kind.QUESTION, asked.text, passage, answers=asked.answers)


def of_written(written: Written, lessons: Mapping[ArticleId, Lesson]) -> Example:
    """A question with the passage it was written of, whose article must be among the lessons."""
    lesson = lessons[written.article]
    return _example(lesson, Kind.WRITTEN, written.text, lesson.as_indexed(written.passage))


def in_rounds(examples: Sequence[Example], seed: int) -> list[Example]:
    """All of them, one of each group of copies before the second of any, otherwise by chance.

    Those that stand near each other are negatives of each other, and another passage of the same article is none.
    """
    chance = chance_of(seed)
    drawn = list(examples)
    chance.shuffle(drawn)
    turn: dict[ArticleId, int] = {}
    rounds: list[list[Example]] = []
    for example in drawn:
        at = turn[example.group] = turn.get(example.group, -1) + 1
        if at == len(rounds):
            rounds.append([])
        rounds[at].append(example)
    return [example for each in rounds for example in each]


def _example(lesson: Lesson, kind: Kind, query: str, positive: str, answers: tuple[str, ...] = ()) -> Example:
    return Example(
        query=query,
        positive=positive,
        kind=kind,
        language=lesson.language,
        at=lesson.at,
        article=lesson.article,
        group=lesson.group,
        answers=answers,
    )


def _lead(passage: str) -> str:
    start, end = sentences(passage)[0]
    return passage[start:end][:_LONGEST_LEAD]


def _answering(asked: Asked, passages: Sequence[str]) -> str:
    """The passage that holds an answer; else the one with most of the words of the reply, or of the question."""
    if asked.answers:
        for passage in passages:
            if holds(passage, asked.answers):
                return passage
    wanted = terms(asked.reply or " ".join((asked.text, *asked.answers)))
    return max(passages, key=lambda passage: shared(wanted, terms(passage)) if wanted else 0.0)
