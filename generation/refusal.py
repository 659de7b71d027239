"""Whether the sources say anything on a question, or a refusal is the honest answer.

Judged from how much of the question the passages hold, its names and numbers first. The weights are fitted on
questions with and without an answer in what was found; see `_FITTED`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from generation.candidates import Candidate
from generation.kinds import things
from generation.select import Reading
from storage.domain.news import Headline, Hit

MOST_NEAREST = 3

# What each piece of evidence adds to the log-odds that the sources say, for questions in English and in Chinese.
# Fitted by logistic regression.
_FITTED: dict[str, tuple[float, float]] = {
    "own": (0, 0),
    "near": (0, 0),
    "passage": (8, 8),
    "anywhere": (4, 4),
    "names": (0, 0),
    "names_anywhere": (4, 0),
    "numbers": (0, 0),
    "similarity": (0, 0),
    "score": (0, 0),
    "kind": (0, 0),
}
_CONSTANT = (-8, -6)
FEATURES = tuple(_FITTED)


def evidence(reading: Reading, chosen: Sequence[Candidate], scores: Sequence[float]) -> list[float]:
    """One number a name in `FEATURES`, of what was chosen and of all that was read."""
    inquiry = reading.inquiry
    asked = frozenset(inquiry.terms)
    own = [asked.intersection(candidate.terms) for candidate in chosen]
    near = [reading.near[candidate.line] for candidate in chosen]
    passages = [reading.passages[candidate.hit] for candidate in chosen]
    anywhere = frozenset[str]().union(*reading.passages)
    in_passages = frozenset[str]().union(*passages)
    similarities = [hit.similarity for hit in reading.hits if hit.similarity is not None]
    return [
        max(map(reading.share, own), default=0.0),
        max(map(reading.share, near), default=0.0),
        max(map(reading.share, passages), default=0.0),
        reading.share(anywhere),
        _held(inquiry.names, in_passages),
        _held(inquiry.names, anywhere),
        _held(inquiry.numbers, in_passages),
        max(similarities, default=0.0),
        max(scores, default=0.0),
        float(any(things(inquiry.kind, candidate.text, asked) for candidate in chosen)),
    ]


def _held(wanted: frozenset[str], found: frozenset[str]) -> float:
    """The share of `wanted` that is found; all of nothing is 1."""
    return len(wanted & found) / len(wanted) if wanted else 1.0


def confidence(reading: Reading, chosen: Sequence[Candidate], scores: Sequence[float]) -> float:
    """How likely the sources say: 0 to 1, and 0 where nothing was chosen or the question tells nothing."""
    if not chosen or not reading.share(frozenset().union(*reading.passages)):
        return 0.0
    chinese = reading.inquiry.chinese
    values = zip(_FITTED.values(), evidence(reading, chosen, scores), strict=True)
    odds = _CONSTANT[chinese] + sum(fitted[chinese] * value for fitted, value in values)
    return 1 / (1 + math.exp(-odds))


def nearest(hits: Sequence[Hit]) -> tuple[Headline, ...]:
    """The headlines of the best hits, one a story, for a reader whose question has no answer here."""
    found: dict[str, Headline] = {}
    for hit in hits:
        headline = hit.passage.headline
        if headline.title.strip() and not any(headline.title == other.title for other in found.values()):
            found.setdefault(headline.group, headline)
        if len(found) == MOST_NEAREST:
            break
    return tuple(found.values())
