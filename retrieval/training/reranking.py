"""Fits the reranker to questions whose answers are known, and says how it does on questions it was not fitted to.

Listwise: of all that was found for a question, what answers it is to come first, and the best passage of each article
that does (the softmax over the candidates, and the weight it gives to those that answer). Ridge keeps weights small;
those of Chinese are a shared part and a difference, so that neither language is alone. Which passage of an article
answers is learnt by itself, from the articles of which some passages hold the answer and others do not.
No chance is in it: the same questions give the same model.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation.collection import JudgedQuestion
from retrieval.evaluation.finding import scored
from retrieval.evaluation.measures import holds
from retrieval.ports import Candidate
from retrieval.search.features import NAMES, Matrix
from retrieval.search.rerank import Linear, Weights
from retrieval.search.selection import select
from storage.domain.news import ArticleId, SearchRequest

FOLDS = 5
_RIDGE, _RIDGE_WITHIN = 0.003, 0.01
_STEPS = 300
_RATE = 0.05
_MOMENTA = (0.9, 0.999)
_FLOOR = 1e-8
# A feature that varies less than this says nothing, and weighs nothing.
_LEAST_SPREAD = 1e-4
_DEPTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A question, what was found for it, and which of that answers it.

    Args:
        data: The set it comes from.
        question: What was asked and what answers it.
        candidates: What was found, best first.
        rows: Their features.
        chinese: Whether the question is in Chinese.
        grades: 0 where a passage does not answer, 1 where it or its article does, 2 where both do.
    """

    data: str
    question: JudgedQuestion
    candidates: tuple[Candidate, ...]
    rows: Matrix
    chinese: bool
    grades: NDArray[np.float64]


def graded(question: JudgedQuestion, candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    """How well each candidate answers: its article is one that does, it holds an answer, or both."""
    relevant = [candidate.passage.headline.id in question.relevant for candidate in candidates]
    if not _tells_by_its_words(question):
        return np.asarray(relevant, dtype=np.float64)
    answers = [holds(candidate.passage.text, question.answers) for candidate in candidates]
    if not question.relevant:
        return np.asarray(answers, dtype=np.float64)
    return np.asarray(
        [known + (known and held) for known, held in zip(relevant, answers, strict=True)], dtype=np.float64
    )


def _tells_by_its_words(question: JudgedQuestion) -> bool:
    """Whether a passage answers where it holds an answer.

    Where people named articles and not that the answer stands in their text, a word such as "yes" answers nothing.
    """
    if not question.answers or question.answer_in_text is False:
        return False
    return question.answer_in_text is True or not question.relevant


def fit(lessons: Sequence[Lesson]) -> Weights:
    """The models for these lessons; those of which nothing found answers teach nothing."""
    return Weights(
        articles=_fitted(lessons, _RIDGE),
        passages=_fitted([part for lesson in lessons for part in _within(lesson)], _RIDGE_WITHIN),
    )


def _within(lesson: Lesson) -> Iterator[Lesson]:
    """The passages of each article of which some hold the answer and others do not."""
    question = lesson.question
    if not _tells_by_its_words(question):
        return
    members: dict[ArticleId, list[int]] = defaultdict(list)
    for at, candidate in enumerate(lesson.candidates):
        article = candidate.passage.headline.id
        if not question.relevant or article in question.relevant:
            members[article].append(at)
    for places in members.values():
        held = [holds(lesson.candidates[at].passage.text, question.answers) for at in places]
        if any(held) and not all(held):
            yield replace(
                lesson,
                candidates=tuple(lesson.candidates[at] for at in places),
                rows=lesson.rows[places],
                grades=np.asarray(held, dtype=np.float64),
            )


def _fitted(lessons: Sequence[Lesson], ridge: float) -> Linear:
    taught = sorted((lesson for lesson in lessons if lesson.grades.any()), key=lambda lesson: lesson.chinese)
    if not taught:
        return Linear(other=(0.0,) * len(NAMES), chinese=(0.0,) * len(NAMES))
    rows = np.concatenate([lesson.rows for lesson in taught])
    spread = rows.std(axis=0)
    spread[spread < _LEAST_SPREAD] = np.inf
    lists = _Lists.of(taught)
    weights = _descend(rows / spread, lists, ridge) / spread
    return Linear(other=tuple(weights[0].tolist()), chinese=tuple(weights.sum(axis=0).tolist()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lists:
    """Which rows belong together; those of Chinese questions come last.

    Args:
        starts: Where each list begins.
        list_of: Which list each row is of.
        answering: The rows that answer.
        best: Which of these have the best grade of their article, 1 or 0.
        article_of: Which article each of these is of, where the question names articles; else they count as one.
        parts: What each of these articles is of its list: one over their number.
        chinese_from: Where the rows of Chinese questions begin.
    """

    starts: NDArray[np.int64]
    list_of: NDArray[np.int64]
    answering: NDArray[np.int64]
    best: NDArray[np.float64]
    article_of: NDArray[np.int64]
    parts: NDArray[np.float64]
    chinese_from: int

    @classmethod
    def of(cls, lessons: Sequence[Lesson]) -> _Lists:
        sizes = np.asarray([len(lesson.grades) for lesson in lessons])
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        answering: list[int] = []
        article_of: list[int] = []
        best: list[float] = []
        parts: list[float] = []
        for start, lesson in zip(starts.tolist(), lessons, strict=True):
            rows: dict[str, list[int]] = defaultdict(list)
            for at in np.flatnonzero(lesson.grades).tolist():
                rows[lesson.candidates[at].passage.headline.id if lesson.question.relevant else ""].append(at)
            for members in rows.values():
                most = max(lesson.grades[at] for at in members)
                answering += [start + at for at in members]
                article_of += [len(parts)] * len(members)
                best += [float(lesson.grades[at] == most) for at in members]
                parts.append(1 / len(rows))
        return cls(
            starts=starts,
            list_of=np.repeat(np.arange(len(lessons)), sizes),
            answering=np.asarray(answering),
            best=np.asarray(best),
            article_of=np.asarray(article_of),
            parts=np.asarray(parts),
            chinese_from=sum(len(lesson.grades) for lesson in lessons if not lesson.chinese),
        )

    def shares(self, raised: NDArray[np.float64]) -> NDArray[np.float64]:
        """Each row's part of its list."""
        return np.asarray(raised / np.add.reduceat(raised, self.starts)[self.list_of], dtype=np.float64)

    def wanted(self, raised: NDArray[np.float64]) -> NDArray[np.float64]:
        """What the shares are to become: half for whatever answers, half for the best of each article alike."""
        found = raised[self.answering]
        of_list, of_article = self.list_of[self.answering], self.article_of
        best = found * self.best
        wanted = np.zeros_like(raised)
        wanted[self.answering] = (
            found / np.bincount(of_list, weights=found)[of_list]
            + best / np.bincount(of_article, weights=best)[of_article] * self.parts[of_article]
        ) / 2
        return wanted


def _descend(rows: NDArray[np.float32], lists: _Lists, ridge: float) -> NDArray[np.float64]:
    """Adam, whole steps, from nothing: the weights of all questions, and what is added for Chinese ones, (2, d)."""
    weights = np.zeros((2, rows.shape[1]))
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    cut, n = lists.chinese_from, len(lists.starts)
    for step in range(1, _STEPS + 1):
        scores = rows @ weights[0].astype(np.float32)
        scores[cut:] += rows[cut:] @ weights[1].astype(np.float32)
        raised = np.exp(scores.astype(np.float64) - np.maximum.reduceat(scores, lists.starts)[lists.list_of]) + _FLOOR
        excess = (lists.shares(raised) - lists.wanted(raised)).astype(np.float32)
        chinese = excess[cut:] @ rows[cut:]
        slope = np.stack([excess[:cut] @ rows[:cut] + chinese, chinese]) / n + 2 * ridge * weights
        first = _MOMENTA[0] * first + (1 - _MOMENTA[0]) * slope
        second = _MOMENTA[1] * second + (1 - _MOMENTA[1]) * slope**2
        unbiased = np.sqrt(second / (1 - _MOMENTA[1] ** step)) + _FLOOR
        weights -= _RATE * (1 - step / (_STEPS + 1)) * first / (1 - _MOMENTA[0] ** step) / unbiased
    return weights


def scores(weights: Weights, lesson: Lesson) -> Sequence[float]:
    """The scores of the lesson's candidates by a model."""
    return weights.scores(lesson.rows, lesson.candidates, chinese=lesson.chinese)


def cross_fitted(lessons: Sequence[Lesson], folds: int = FOLDS) -> list[Sequence[float]]:
    """Scores of each lesson's candidates by a model that was fitted without its fold, in the order of the lessons.

    No article that answers a question of one fold answers one of another; questions that name no article keep together
    by the day they were asked.
    """
    fold = _folds(lessons, folds)
    models = [fit([lesson for lesson, at in zip(lessons, fold, strict=True) if at != each]) for each in range(folds)]
    return [scores(models[at], lesson) for lesson, at in zip(lessons, fold, strict=True)]


def measured(lessons: Sequence[Lesson], scores: Sequence[Sequence[float]]) -> dict[str, dict[str, list[float]]]:
    """What the rankings by `scores` are worth: by set and metric, a score a question."""
    found: dict[str, dict[str, list[float]]] = {}
    for lesson, each in zip(lessons, scores, strict=True):
        hits = select(SearchRequest(text=lesson.question.text, k=_DEPTH), lesson.candidates, each)
        for family in scored(lesson.question, hits).values():
            for name, score in family.items():
                found.setdefault(lesson.data, {}).setdefault(name, []).append(score)
    return found


def _folds(lessons: Sequence[Lesson], folds: int) -> list[int]:
    """The fold of each lesson: what hangs together goes to the smallest fold, the largest first."""
    bonds: dict[str, str] = {}

    def root(name: str) -> str:
        while (above := bonds.setdefault(name, name)) != name:
            name = above
        return name

    names = [f"{lesson.data}\n{lesson.question.id}" for lesson in lessons]
    for name, lesson in zip(names, lessons, strict=True):
        for tie in _ties(lesson.question):
            bonds[root(f"{lesson.data}\n\n{tie}")] = root(name)
    together: dict[str, list[int]] = defaultdict(list)
    for at, name in enumerate(names):
        together[root(name)].append(at)
    sizes = [0] * folds
    fold = [0] * len(lessons)
    for members in sorted(together.values(), key=len, reverse=True):
        smallest = sizes.index(min(sizes))
        sizes[smallest] += len(members)
        for at in members:
            fold[at] = smallest
    return fold


def _ties(question: JudgedQuestion) -> tuple[str, ...]:
    if question.relevant:
        return tuple(question.relevant)
    return (question.asked_until.date().isoformat(),) if question.asked_until else ()
