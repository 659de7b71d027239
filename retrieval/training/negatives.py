"""Passages that look like the answer and are not, from the instance's own searches: what a model has most to learn of.

The very first hits may well answer too, only that nobody said so; the last ones are too easy.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace

from retrieval.evaluation.measures import holds
from retrieval.training.chance import chance_of
from retrieval.training.examples import Example, Kind
from retrieval.training.overlap import shared, terms
from storage.domain.news import ArticleId, Passage, SearchRequest, SearchResult
from storage.domain.progress import Progress

Search = Callable[[SearchRequest], Awaitable[SearchResult]]

_FIRST_RANK, _LAST_RANK = 5, 30
# From here on a passage says what the positive says, whoever wrote it.
_TOO_ALIKE = 0.5


async def mined(
    examples: Sequence[Example],
    search: Search,
    groups: Collection[ArticleId],
    as_indexed: Callable[[Passage], str],
    progress: Progress,
    seed: int,
    until: float = math.inf,
) -> list[Example]:
    """The examples in their order, each with a hard negative where its search found one.

    Args:
        examples: What to find negatives of.
        search: Over the instance's own articles.
        groups: The groups that may be learnt from; what judges a model must not be met before.
        as_indexed: What of a passage is encoded.
        progress: Told now and then.
        seed: Decides which of several is taken.
        until: When to stop searching, by `time.monotonic`; the examples after that come without.

    Raises:
        IndexUnavailable: There is no index to search in.
    """
    chance = chance_of(seed)
    own = _groups_of(examples)
    found: list[Example] = []
    for done, example in enumerate(examples, start=1):
        if time.monotonic() >= until:
            return [*found, *examples[len(found) :]]
        result = await search(SearchRequest(text=example.query, k=_LAST_RANK))
        others = [
            hit.passage
            for hit in result.hits[_FIRST_RANK - 1 :]
            if hit.passage.headline.group in groups and hit.passage.headline.group not in own[example.query]
        ]
        chance.shuffle(others)
        negative = next((each for each in others if not _answers(example, each.text)), None)
        found.append(replace(example, negative=None if negative is None else as_indexed(negative)))
        progress("hard negatives", done, len(examples))
    return found


def filled(examples: Sequence[Example], seed: int) -> list[Example]:
    """Every example with a negative: where none was mined, a passage of another group in the same language.

    An example that nothing else is in the language of is left out.
    """
    chance = chance_of(seed)
    by_language: dict[str | None, list[Example]] = {}
    for example in examples:
        by_language.setdefault(example.language, []).append(example)
    own = _groups_of(examples)
    kept: list[Example] = []
    for example in examples:
        negative = example.negative or _drawn(example, by_language[example.language], own[example.query], chance)
        if negative is not None:
            kept.append(replace(example, negative=negative))
    return kept


def _drawn(
    example: Example, others: Sequence[Example], own: Collection[ArticleId], chance: random.Random
) -> str | None:
    for _ in range(8):
        other = chance.choice(others)
        if other.group not in own and other.positive != example.positive:
            return other.positive
    return next((other.positive for other in others if other.group not in own), None)


def _groups_of(examples: Sequence[Example]) -> Mapping[str, set[ArticleId]]:
    """The groups that each query is to find."""
    groups: dict[str, set[ArticleId]] = {}
    for example in examples:
        groups.setdefault(example.query, set()).add(example.group)
    return groups


def _answers(example: Example, text: str) -> bool:
    """Whether a passage may answer as well as the positive does."""
    if example.answers and holds(text, example.answers):
        return True
    if example.kind is Kind.SPAN and holds(text, (example.query,)):
        return True
    return shared(terms(text), terms(example.positive)) >= _TOO_ALIKE
