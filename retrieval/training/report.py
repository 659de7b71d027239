"""Before and after: how well two encoders find the passages of questions that neither learnt from. Pure.

A question is put to all passages of a pool; those of its own articles that are not the one looked for count neither
way. Differences are paired, question by question, which tells small gains from chance far sooner than two intervals do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation.estimates import Estimate, mean
from retrieval.ports import Vectors
from retrieval.training.chance import chance_of
from retrieval.training.examples import Example, Kind

DEPTH = 10
DECIDING = f"mrr@{DEPTH}"
"""The measure that decides whether one is better."""

UNKNOWN_LANGUAGE = "other"
# Fewer questions of a language say nothing about it.
_FEWEST_OF_A_LANGUAGE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Questions and the passages they are put to.

    Args:
        queries: No two alike.
        languages: Of the articles looked for, one for each query.
        pool: Passages, no two alike.
        right: The places in the pool of what each query should find; never empty.
        ignored: The places of what is of the same articles.
    """

    queries: tuple[str, ...]
    languages: tuple[str, ...]
    pool: tuple[str, ...]
    right: tuple[frozenset[int], ...]
    ignored: tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How two encoders compare; metrics are by name, those of one language as `NAME LANGUAGE`.

    Args:
        n: Questions.
        before: The base's figures.
        after: The checkpoint's.
        gain: The mean difference, question by question.
        worse: Languages in which the checkpoint is clearly worse.
    """

    n: int
    before: Mapping[str, Estimate]
    after: Mapping[str, Estimate]
    gain: Mapping[str, Estimate]
    worse: tuple[str, ...]

    @property
    def better(self) -> bool:
        """Whether the checkpoint is better for certain over all, and clearly worse in no language."""
        return self.gain[DECIDING].low > 0 and not self.worse


def bench(examples: Sequence[Example], distractors: Sequence[Example], *, queries: int, passages: int) -> Bench:
    """Up to so many queries of `examples`, questions that were asked first, and passages around what they look for.

    Args:
        examples: What judges, not empty.
        distractors: Further passages to fill the pool with. Never hard negatives: those were chosen for being hard
            for one of the encoders, which is not to be held against it.
        queries: About so many at most, as many of each language as there are.
        passages: So many at most, but for those that are looked for.
    """
    asked = _drawn(examples, queries)
    chosen = {example.query for example in asked}
    wanted = [example for example in examples if example.query in chosen]
    rest = [*examples, *distractors]
    chance_of(0).shuffle(rest)
    places: dict[str, int] = {}
    for example in (*wanted, *rest):
        if len(places) < passages or example.query in chosen:
            places.setdefault(example.positive, len(places))
    of_group: dict[str, set[int]] = {}
    for example in (*wanted, *rest):
        if example.positive in places:
            of_group.setdefault(example.group, set()).add(places[example.positive])
    right: dict[str, set[int]] = {}
    near: dict[str, set[int]] = {}
    for example in wanted:
        right.setdefault(example.query, set()).add(places[example.positive])
        near.setdefault(example.query, set()).update(of_group[example.group])
    return Bench(
        queries=tuple(example.query for example in asked),
        languages=tuple(example.language or UNKNOWN_LANGUAGE for example in asked),
        pool=tuple(places),
        right=tuple(frozenset(right[example.query]) for example in asked),
        ignored=tuple(frozenset(near[example.query] - right[example.query]) for example in asked),
    )


def ranks(on: Bench, queries: Vectors, pool: Vectors) -> NDArray[np.int64]:
    """The rank, from 1, of the best passage that each query should find: `queries[i]` and `pool[j]` are unit rows.

    A query or a passage that is not a number ranks last.
    """
    found = np.empty(len(on.queries), dtype=np.int64)
    for at, query in enumerate(queries):
        cosines = np.nan_to_num(pool @ query, nan=-np.inf)
        right = list(on.right[at])
        best = cosines[right].max()
        others = np.ones(len(pool), dtype=bool)
        others[[*right, *on.ignored[at]]] = False
        # What is as near stands before it: an encoder that gives everything one vector finds nothing.
        found[at] = 1 + int((cosines[others] >= best).sum())
    return found


def score(found: NDArray[np.int64]) -> float:
    """One figure for all ranks, by the measure that decides."""
    return float(_scores(found)[DECIDING].mean())


def compare(on: Bench, before: NDArray[np.int64], after: NDArray[np.int64]) -> Report:
    """What the ranks of the same questions by two encoders say of them."""
    was, now = _by_language(on, _scores(before)), _by_language(on, _scores(after))
    gain = {name: mean((now[name] - was[name]).tolist()) for name in was}
    languages = sorted(set(on.languages))
    return Report(
        n=len(on.queries),
        before={name: mean(values.tolist()) for name, values in was.items()},
        after={name: mean(values.tolist()) for name, values in now.items()},
        gain=gain,
        worse=tuple(each for each in languages if (of := gain.get(f"{DECIDING} {each}")) is not None and of.high < 0),
    )


def _scores(found: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """Of each question, by the usual definitions."""
    return {
        "hit@1": (found <= 1).astype(np.float64),
        f"hit@{DEPTH}": (found <= DEPTH).astype(np.float64),
        DECIDING: np.where(found <= DEPTH, 1.0 / found, 0.0),
    }


def _by_language(on: Bench, scores: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    """The scores of all questions, and of those of each language that has enough of them."""
    named = dict(scores)
    languages = np.array(on.languages)
    for language in sorted(set(on.languages)):
        of = languages == language
        if of.sum() >= _FEWEST_OF_A_LANGUAGE:
            named |= {f"{name} {language}": values[of] for name, values in scores.items()}
    return named


def _drawn(examples: Sequence[Example], most: int) -> list[Example]:
    """One example of each of about `most` queries, languages in turn, questions that were asked before others."""
    shuffled = list(examples)
    chance_of(1).shuffle(shuffled)
    shuffled.sort(key=lambda example: example.kind is not Kind.QUESTION)
    by_language: dict[str | None, dict[str, Example]] = {}
    for example in shuffled:
        by_language.setdefault(example.language, {}).setdefault(example.query, example)
    drawn: dict[str, Example] = {}
    each = max(1, most // len(by_language))
    for queries in by_language.values():
        for query in list(queries)[:each]:
            drawn.setdefault(query, queries[query])
    return list(drawn.values())
