"""Which of several figures for the same thing is the newest: counts of the hurt, prices and results change by the day.

Only sentences that say about as much of what is asked, in passages on the same story, are taken for such figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from generation.quoting.candidates import Candidate
from generation.quoting.priced import of_another
from generation.quoting.select import Reading
from generation.reading.inquiry import Inquiry
from generation.reading.kinds import Kind, things
from generation.reading.measures import gives
from generation.reading.terms import stem

# Sentences that hold this share of what the best of them holds of the question speak of the same thing.
_AS_MUCH = 0.65
# And their passages hold nearly as much as any: what lacks the place asked for is another place's figure, however new.
_SAME_STORY = 0.9
_NUMBER_OF = stem("number")
_YEAR = re.compile(r"(?:19|20)\d\d")
# Asks for a number, though no word in it says how many.
_TOLL = re.compile(r"\b(?:toll|casualties)\b|伤亡|(?:死亡|遇难|受伤|失踪)人数", re.IGNORECASE)
# In the units of the scores: enough to bring the newest of near equals to the front, not a sentence beside the point.
_NEWEST = 1.5
# Enough to bring a price, where one is asked for, before what else is told of the thing.
_GIVES_MEASURE = 2.0
# What is years old is seldom meant where newer news tell as much.
_AGE = 0.6
# Enough to put another thing's price behind that of the thing asked for, where both are told.
_OF_SOMETHING_ELSE = -3.0


def bonuses(reading: Reading, found: Sequence[Candidate]) -> list[float]:
    """What each candidate's score gains by giving the newest figure, or loses by giving one of something else."""
    times = figures_asked(reading, found)
    newest = _newest(times)
    return [
        _measured(reading, candidate)
        + _AGE * _youth(reading, candidate)
        + (_NEWEST if i in newest else _OF_SOMETHING_ELSE if times and _measures_else(reading, candidate) else 0.0)
        for i, candidate in enumerate(found)
    ]


def _youth(reading: Reading, candidate: Candidate) -> float:
    """1 for news of today, half after a year, and nothing where the question names the time that is meant."""
    published = reading.hits[candidate.hit].passage.headline.published
    if published is None or reading.times:
        return 0.0
    return 1 / (1 + max((reading.asked_at - published).days, 0) / 365)


def _measured(reading: Reading, candidate: Candidate) -> float:
    """Nothing in Chinese, where another thing's price is then given too often."""
    inquiry = reading.inquiry
    if inquiry.chinese or inquiry.measure is None:
        return 0.0
    return _GIVES_MEASURE if gives(candidate.text, inquiry.measure) else 0.0


def _measures_else(reading: Reading, candidate: Candidate) -> bool:
    """Whether a candidate gives such a measure as is asked for of something else, or names nowhere what of."""
    inquiry = reading.inquiry
    if inquiry.measure is None or not gives(candidate.text, inquiry.measure):
        return False
    if of_another(reading, candidate):
        return True
    return not inquiry.own & reading.titles[candidate.hit].union(candidate.terms)


def in_order(reading: Reading, chosen: Sequence[Candidate]) -> list[Candidate]:
    """The chosen sentences, those that give a figure newest first in the places they hold."""
    times = figures_asked(reading, chosen)
    by_time = iter(sorted(times, key=lambda i: times[i], reverse=True))
    return [chosen[next(by_time)] if i in times else candidate for i, candidate in enumerate(chosen)]


def _newest(times: dict[int, datetime]) -> frozenset[int]:
    latest = max(times.values(), default=None)
    return frozenset(i for i, time in times.items() if time == latest)


def figures_asked(reading: Reading, found: Sequence[Candidate]) -> dict[int, datetime]:
    """The candidates that give a figure for what is asked, with when they were published, where that is known."""
    inquiry = reading.inquiry
    if not asks_figure(inquiry):
        return {}
    asked = inquiry.own - inquiry.names
    implied = [reading.holding.implied(candidate.text) for candidate in found]
    said = [
        sum(reading.weights[term] for term in asked & reading.titles[candidate.hit].union(candidate.terms, more))
        for candidate, more in zip(found, implied, strict=True)
    ]
    enough = _AS_MUCH * max(said, default=0.0)
    stories = [
        reading.story_share(reading.passages[candidate.hit] | more)
        for candidate, more in zip(found, implied, strict=True)
    ]
    same = _SAME_STORY * max(stories, default=0.0)
    return {
        i: published
        for i, candidate in enumerate(found)
        if (published := reading.hits[candidate.hit].passage.headline.published) is not None
        and said[i] >= enough > 0
        and stories[i] >= same
        and _gives_figure(reading, candidate)
    }


def asks_figure(inquiry: Inquiry) -> bool:
    """Whether a figure is asked for that may change; that of a year is told by the year, not by what is newest."""
    of_year = any(_YEAR.fullmatch(number) for number in inquiry.numbers)
    figure = inquiry.kind is Kind.NUMBER or inquiry.measure is not None or _TOLL.search(inquiry.text) is not None
    return figure and not of_year


def _gives_figure(reading: Reading, candidate: Candidate) -> bool:
    inquiry = reading.inquiry
    if inquiry.measure is not None:
        return gives(candidate.text, inquiry.measure) and not of_another(reading, candidate)
    if reading.holding.counts_befallen(candidate.text):
        return True
    numbers = things(Kind.NUMBER, candidate.text, frozenset(inquiry.terms))
    if not inquiry.focus:
        return bool(numbers)
    if not numbers:
        return False
    counted = any(number.endswith(unit) for number in numbers for unit in inquiry.focus)
    return counted or _counts(inquiry.focus, candidate.terms)


def _counts(focus: frozenset[str], shown: Sequence[str]) -> bool:
    """Whether a number stands before what is counted, as in "43 people", or the count is spoken of, as "number of"."""
    if _NUMBER_OF in shown and focus.intersection(shown):
        return True
    return any(term[0].isdigit() and focus.intersection(shown[i + 1 : i + 4]) for i, term in enumerate(shown))
