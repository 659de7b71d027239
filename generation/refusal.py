"""Whether the sources say anything on a question, or a refusal is the honest answer.

Judged from how much of the question the passages hold, each alone and all together, and how well the best sentence
matches. It tells questions about something else from answerable ones; that the right story lacks one detail, it
seldom can.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from generation.candidates import Candidate
from generation.select import Reading
from storage.domain.news import Headline, Hit

MOST_NEAREST = 3
_MANY_TERMS = 24

# What each piece of evidence adds to the log-odds that the sources say, for questions in English and in Chinese.
# Fitted by logistic regression on some 1,400 answerable and 900 unanswerable questions of five kinds; the constants
# are moved so that a half refuses about nine in ten questions on nothing in the corpus and one in seven of the others.
_FITTED: dict[str, tuple[float, float]] = {
    "passage": (4.36, 0.45),
    "anywhere": (2.92, 2.39),
    "names_anywhere": (1.89, 0),
    "length": (4.38, 2.01),
    "score": (0.20, 0.58),
}
_CONSTANT = (-7.69, -6.26)
FEATURES = tuple(_FITTED)


def evidence(reading: Reading, chosen: Sequence[Candidate], scores: Sequence[float]) -> list[float]:
    """One number a name in `FEATURES`, of what was chosen and of all that was read."""
    asked = reading.inquiry.terms
    anywhere = frozenset[str]().union(*reading.passages)
    names = reading.inquiry.names
    return [
        max((reading.share(reading.passages[candidate.hit]) for candidate in chosen), default=0.0),
        reading.share(anywhere),
        len(names & anywhere) / len(names) if names else 1.0,
        min(len(asked), _MANY_TERMS) / _MANY_TERMS,
        max(scores, default=0.0),
    ]


def confidence(reading: Reading, chosen: Sequence[Candidate], scores: Sequence[float]) -> float:
    """How likely the sources say: 0 to 1, and 0 where nothing was chosen or nothing of the question was found."""
    if not chosen or not any(reading.passages):
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
