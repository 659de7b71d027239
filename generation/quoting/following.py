"""What a follow-up changes: its answer is of the story before it, says what it asks for, and is not said already.

Judged from the question's own words, apart from those it leans on. Knows nothing of scores of other questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from generation.quoting.candidates import Candidate
from generation.quoting.select import Reading
from generation.reading.kinds import Kind, things
from generation.reading.measures import gives
from generation.reading.terms import terms
from generation.rewrite import leans
from storage.domain.dialogue import Turn

# In the units of the scores they are added to, where 3 makes a sentence twenty times less likely to answer.
_SAID_ALREADY = -3.0
_SAYS_WHAT_IS_ASKED = 4.0
# More than what a sentence loses for having been said: "And who said so?" is answered by who, once more if need be.
_NAMES_WHAT_IS_ASKED = 4.0
_BESIDE_WHAT_IS_ASKED = 0.35
_CITED_BEFORE = 1.5
_ENOUGH_SAID = 0.2
# A question that could stand on its own may be about something else altogether.
_ENOUGH_OF_A_WHOLE_QUESTION = 0.5
_OF_THE_SAME_STORY = 0.5
"""The share of what a follow-up leans on that a passage must hold to be of its story."""


class _Story(Enum):
    """How a passage stands to the story before."""

    CITED = 1
    SAME = 2
    OTHER = 3


_OPEN = frozenset({Kind.ANY, Kind.CLAIM, Kind.NAME})
"""What is asked for by these has no shape of its own, so anything new of the story will do."""


def narrow(
    reading: Reading, found: Sequence[Candidate], scores: Sequence[float], follows: Turn
) -> tuple[list[Candidate], list[float]]:
    """The candidates that say something of what is asked on, and not only of the story, with their scores adjusted."""
    stories = [_story(reading, hit, follows) for hit in range(len(reading.hits))]
    left = [
        (candidate, score + _adjustment(reading, candidate, stories[candidate.hit], follows))
        for candidate, score in zip(found, scores, strict=True)
        if stories[candidate.hit] is not _Story.OTHER and _answers(reading, candidate, follows)
    ]
    return [candidate for candidate, _ in left], [score for _, score in left]


def _answers(reading: Reading, candidate: Candidate, follows: Turn) -> bool:
    inquiry = reading.inquiry
    if inquiry.telling:
        return _says(reading, candidate) >= (_ENOUGH_SAID if leans(inquiry.text) else _ENOUGH_OF_A_WHOLE_QUESTION)
    if inquiry.measure is not None:
        return _measures(reading, candidate)
    said = candidate.text in follows.answer
    if inquiry.kind in _OPEN:
        return not said
    return _names(reading, candidate, follows) and not (said and inquiry.kind is Kind.REASON)


def _adjustment(reading: Reading, candidate: Candidate, story: _Story, follows: Turn) -> float:
    named = reading.inquiry.kind not in _OPEN and _names(reading, candidate, follows)
    return (
        _SAYS_WHAT_IS_ASKED * _says(reading, candidate)
        + (_NAMES_WHAT_IS_ASKED if named else 0.0)
        + (_CITED_BEFORE if story is _Story.CITED else 0.0)
        + (_SAID_ALREADY if candidate.text in follows.answer else 0.0)
    )


def _says(reading: Reading, candidate: Candidate) -> float:
    """How much of what is asked, by weight, the candidate holds, or, for less, the sentences beside it: 0 to 1."""
    own = {term: reading.weights[term] for term in reading.inquiry.own}
    total = sum(own.values())
    if not total:
        return 0.0
    held = sum(weight for term, weight in own.items() if term in candidate.terms)
    beside = sum(weight for term, weight in own.items() if term in reading.near[candidate.line])
    return max(held, _BESIDE_WHAT_IS_ASKED * beside) / total


def _names(reading: Reading, candidate: Candidate, follows: Turn) -> bool:
    """Whether the candidate names something of the kind asked for that neither question does; an answer may have."""
    asked = reading.inquiry.own | set(terms(follows.question))
    return bool(things(reading.inquiry.kind, candidate.text, asked))


def _measures(reading: Reading, candidate: Candidate) -> bool:
    return reading.inquiry.measure is not None and gives(candidate.text, reading.inquiry.measure)


def _story(reading: Reading, hit: int, follows: Turn) -> _Story:
    """Whether a passage is of an article cited before, or holds most of what the follow-up leans on."""
    if reading.hits[hit].passage.headline.id in follows.cited:
        return _Story.CITED
    context = reading.inquiry.context
    weights = reading.story_weights
    total = sum(weights[term] for term in context)
    held = sum(weights[term] for term in context & reading.passages[hit])
    return _Story.SAME if total and held >= _OF_THE_SAME_STORY * total else _Story.OTHER
