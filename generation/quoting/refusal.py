"""Whether the sources say anything on a question, or a refusal is the honest answer.

Judged from how much of the question the passages hold, each alone and all together, and how well the best sentence
matches, and for English from how near in meaning the nearest passage is: a long question shares many words with
anything. That the right story lacks the detail, or tells otherwise than is taken for granted, is told by what `bearing`
finds against the quotes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from generation.quoting.bearing import against
from generation.quoting.candidates import Candidate
from generation.quoting.select import Reading
from generation.quoting.untold import untold
from generation.reading.orders import is_order
from generation.reading.terms import background, is_chinese
from storage.domain.news import Headline

MOST_NEAREST = 3
# A story that shares less with the question, by weight, only shares a word with it.
_NEAR = 0.35
_MANY_TERMS = 24
# A Chinese question opens with what it is about.
_OPENING_TERMS = 3

# What each piece of evidence adds to the log-odds that the sources say, for questions in English and in Chinese.
# Fitted by logistic regression on some 1,700 answerable and 1,700 unanswerable questions of seven kinds, most of the
# latter put to the nearest other stories without those that answer. The constants are moved so that a half refuses
# about one in eight of the answerable, next to none of those that are answered rightly.
_FITTED: dict[str, tuple[float, float]] = {
    "passage": (0.62, 0.42),
    "anywhere": (1.78, 0.59),
    "names_anywhere": (1.53, 0),
    "length": (4.11, 0.75),
    "score": (0, 0.30),
    "own": (2.71, 0),
    "near": (0, 0.42),
    "article": (0.89, 0.95),
    "opening": (0, 0.92),
}
_CONSTANT = (-5.99, -3.87)
# What the cosine of the nearest passage adds, where it is nearer than this, or takes away. Chosen with the encoder that
# ships, on realtimeqa's questions put to their own news and to other news: no more of the former are refused. In
# Chinese it told nothing more (crud_zh, with and without the article that answers).
_MEANING = (4.0, 0.0)
_USUALLY_NEAR = 0.48
# No more is taken away than that far from usual: a plain question on an odd text is answered by its words. What is
# refused of multihoprag is the same with and without it.
_FARTHEST = 0.2
# What it takes away that nothing is told, where it is quoted, of what is asked of those it names: a question on a true
# name with a false premise finds that name everywhere. Fitted beside all of the above on one half of 120 questions
# that were invented so, and of those that can be answered. In Chinese nothing is answered then.
_UNTOLD = (-2.65, -8.0)
FEATURES = tuple(_FITTED)


def evidence(reading: Reading, chosen: Sequence[Candidate], scores: Sequence[float]) -> list[float]:
    """One number a name in `FEATURES`, of what was chosen and of all that was read."""
    asked = reading.inquiry.terms
    anywhere = frozenset[str]().union(*reading.passages)
    names = reading.inquiry.names
    article = _article(reading, chosen)
    opening = frozenset([term for term in asked if background(term) >= 1][:_OPENING_TERMS])
    return [
        max((reading.share(reading.passages[candidate.hit]) for candidate in chosen), default=0.0),
        reading.share(anywhere),
        len(names & anywhere) / len(names) if names else 1.0,
        min(len(asked), _MANY_TERMS) / _MANY_TERMS,
        max(scores, default=0.0),
        max((reading.share(reading.own[c.line] | reading.titles[c.hit]) for c in chosen), default=0.0),
        max((reading.share(reading.near[candidate.line]) for candidate in chosen), default=0.0),
        reading.share(article),
        len(opening & article) / len(opening) if opening else 1.0,
    ]


def _article(reading: Reading, chosen: Sequence[Candidate]) -> frozenset[str]:
    """The question's terms in what was read of the article that the best sentence is from."""
    if not chosen:
        return frozenset()
    best = reading.hits[chosen[0].hit].passage.headline.id
    return frozenset[str]().union(
        *(held for hit, held in zip(reading.hits, reading.passages, strict=True) if hit.passage.headline.id == best)
    )


def confidence(reading: Reading, chosen: Sequence[Candidate], scores: Sequence[float]) -> float:
    """How likely the sources say: 0 to 1, and 0 where nothing was chosen or nothing of the question was found."""
    if not chosen or not any(reading.passages):
        return 0.0
    chinese = reading.inquiry.chinese
    values = zip(_FITTED.values(), evidence(reading, chosen, scores), strict=True)
    odds = _CONSTANT[chinese] + sum(fitted[chinese] * value for fitted, value in values)
    odds += _MEANING[chinese] * _nearness(reading) + _UNTOLD[chinese] * untold(reading, chosen)
    odds -= against(reading, chosen)
    return 1 / (1 + math.exp(-odds))


def _nearness(reading: Reading) -> float:
    """How much nearer the nearest passage in the question's language is than usual; 0 where no cosine is known."""
    own = [hit for hit in reading.hits if is_chinese(hit.passage.text) == reading.inquiry.chinese]
    nearer = max((hit.similarity - _USUALLY_NEAR for hit in own if hit.similarity is not None), default=0.0)
    return max(nearer, -_FARTHEST)


def nearest(reading: Reading) -> tuple[Headline, ...]:
    """The headlines of the best hits that hold a good part of the question, one a story; none where nothing is near."""
    found: dict[str, Headline] = {}
    for hit, held in zip(reading.hits, reading.passages, strict=True):
        headline = hit.passage.headline
        known = any(headline.title == other.title for other in found.values())
        if headline.title.strip() and not is_order(headline.title) and not known and reading.story_share(held) >= _NEAR:
            found.setdefault(headline.group, headline)
        if len(found) == MOST_NEAREST:
            break
    return tuple(found.values())
