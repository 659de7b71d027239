"""What makes one hit more welcome than another that matches as well: its time, its source, what it quotes. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

from retrieval.ports import Signals
from retrieval.search.query import Query
from retrieval.search.ranking import Ranking
from retrieval.search.times import Times
from storage.domain.news import Headline, Passage
from storage.domain.sources import fold, host_of

# News of something come out while it lasts, and some days after.
_BEFORE = timedelta(days=1)
_AFTER = timedelta(days=7)
# Half of what is recent is gone after this.
_RECENT = timedelta(days=60)
_YEAR = timedelta(days=365)
# Shorter names stand in too many questions that do not mean them.
_SHORTEST_SOURCE = 3
_PARTS_OF_A_DOMAIN = 2
_SECOND_LEVEL = frozenset(("ac", "co", "com", "edu", "gov", "net", "org"))
_OPENING, _ENDING = " \"'“‘(", ".!?:"
_FROM = re.compile(r"(?:\b(?:from|via|per|by)|according to)\s+(?:the\s+)?[\"'“‘]?$", re.IGNORECASE)
_LONGEST_CUE = 30
_SAYS = re.compile(
    r"[\"'”’]?(?:['’]s\b|\s+(?:says?|said|reports?|reported|writes?|wrote|articles?|stor(?:y|ies)|coverage|magazine|news)\b)",
    re.IGNORECASE,
)


def signals(passage: Passage, query: Query, now: datetime, half_life: timedelta) -> Signals:
    """What speaks for a passage besides how well it matches.

    Args:
        passage: A passage that was found.
        query: What is looked for.
        now: The moment it is asked.
        half_life: How old an article is of which half of its freshness is left.
    """
    headline = passage.headline
    published = None if query.bounded else headline.published
    # Of hundreds of passages in a search, so nothing is reckoned twice, and nothing that nobody asks.
    freshness = recent = young = around = phrases = 0.0
    if published is not None:
        age = now - published
        freshness, recent = _freshness(age, half_life), _freshness(age, _RECENT)
        if query.around:
            around = float(any(_around(published, each) for each in query.around))
        else:
            young = _youth(age)
    if query.phrases:
        held = f"{headline.title}\n{passage.text}".casefold()
        phrases = sum(phrase.casefold() in held for phrase in query.phrases) / len(query.phrases)
    return Signals(
        freshness=freshness,
        recent=recent,
        young=young,
        around=around,
        source=float(_mentioned(headline, query.asked)),
        phrases=phrases,
    )


def preference(found: Signals, ranking: Ranking) -> float:
    """What the score of a passage is multiplied with, at least 1."""
    return (
        1.0
        + ranking.freshness * found.freshness
        + ranking.around * found.around
        + ranking.source * found.source
        + ranking.phrases * found.phrases
    )


def _freshness(age: timedelta, half_life: timedelta) -> float:
    """In (0, 1]: halves with every half-life. What is dated later than now is as fresh as can be."""
    lives = age / half_life
    return 0.5**lives if lives > 0 else 1.0


def _youth(age: timedelta) -> float:
    """In (0, 1]: a half after a year, a third after two: what halves over and over soon tells no year from another."""
    return 1 / (1 + max(0.0, age / _YEAR))


def _around(published: datetime, time: Times) -> bool:
    after = time.since is None or published >= time.since - _BEFORE
    return after and (time.until is None or published < time.until + _AFTER)


def _mentioned(headline: Headline, question: str) -> bool:
    """Whether the question names the source, by its name or by what its address is known for."""
    for name in _names_of(headline.source, headline.url):  # noqa: SIM110 - a generator takes as long again
        if _named(name, question):
            return True
    return False


@lru_cache(maxsize=4_096)
def _names_of(source: str | None, url: str | None) -> frozenset[str]:
    """What the source of an article there is called, lower case."""
    known = (host_of(url) or "").removeprefix("www.")
    return frozenset(filter(None, (fold(source or "").removeprefix("the "), known, _known_for(known))))


def _known_for(host: str) -> str:
    """The part of a host that people say: ycombinator of news.ycombinator.com, bbc of bbc.co.uk."""
    parts = host.split(".")
    if len(parts) > _PARTS_OF_A_DOMAIN and parts[-2] in _SECOND_LEVEL:
        parts.pop()
    return parts[-2] if len(parts) >= _PARTS_OF_A_DOMAIN else ""


@lru_cache(maxsize=1_024)
def _named(name: str, question: str) -> bool:
    """Whether the name stands in the question as one.

    Many names are words of every day, such as time, people and the sun: a single one counts where it is written as a
    name, or where something is said to be from there. Remembered, since the hundreds of passages of a search are from
    a few sources.
    """
    if not name.isascii():
        return len(name) > 1 and name in fold(question)
    if len(name) < _SHORTEST_SOURCE:
        return False
    return any(
        not name.isalpha()
        or _written_as_a_name(question, found)
        or _FROM.search(question, max(0, found.start() - _LONGEST_CUE), found.start())
        or _SAYS.match(question, found.end())
        for found in _as_a_word(name).finditer(question)
    )


def _written_as_a_name(question: str, found: re.Match[str]) -> bool:
    """With a capital letter that opens no sentence, or with several."""
    capitals = sum(letter.isupper() for letter in found[0])
    before = question[: found.start()].rstrip(_OPENING)
    return capitals > 1 or (capitals == 1 and bool(before) and before[-1] not in _ENDING)


@lru_cache(maxsize=4096)
def _as_a_word(name: str) -> re.Pattern[str]:
    spaced = r"\s+".join(map(re.escape, name.split()))
    return re.compile(rf"(?<![0-9A-Za-z]){spaced}(?!\w)", re.IGNORECASE)
