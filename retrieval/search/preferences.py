"""What makes one hit more welcome than another that matches as well: its time, its source, what it quotes. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from retrieval.search.query import Query
from retrieval.search.ranking import Ranking
from retrieval.search.times import Times
from storage.domain.news import Headline, Passage
from storage.domain.sources import fold, host_of

# News of something come out while it lasts, and some days after.
_BEFORE = timedelta(days=1)
_AFTER = timedelta(days=7)
# Shorter names stand in too many questions that do not mean them.
_SHORTEST_SOURCE = 3
_FRONT = ("www.", "m.", "edition.", "en.")


def preference(passage: Passage, query: Query, now: datetime, ranking: Ranking) -> float:
    """What the score of a passage is multiplied with, at least 1.

    Args:
        passage: A passage that was found.
        query: What is looked for.
        now: The moment it is asked.
        ranking: How much each preference weighs.
    """
    headline = passage.headline
    factor = 1.0
    if headline.published is not None and not query.bounded:
        factor += ranking.freshness * _freshness(headline.published, now, ranking.half_life)
        factor += ranking.around * any(_around(headline.published, each) for each in query.around)
    factor += ranking.source * _mentioned(headline, query.folded)
    if query.phrases:
        held = f"{headline.title}\n{passage.text}".casefold()
        factor += ranking.phrases * sum(phrase.casefold() in held for phrase in query.phrases) / len(query.phrases)
    return factor


def _freshness(published: datetime, now: datetime, half_life: timedelta) -> float:
    """In (0, 1]: halves with every half-life. What is dated later than now is as fresh as can be."""
    return float(0.5 ** max(0.0, (now - published) / half_life))


def _around(published: datetime, time: Times) -> bool:
    after = time.since is None or published >= time.since - _BEFORE
    return after and (time.until is None or published < time.until + _AFTER)


def _mentioned(headline: Headline, question: str) -> bool:
    """Whether the question names the source, by its name or by what its address is known for."""
    host = host_of(headline.url) or ""
    for front in _FRONT:
        host = host.removeprefix(front)
    name = fold(headline.source or "").removeprefix("the ")
    return any(_stands(each, question) for each in {name, host, host.partition(".")[0]})


def _stands(name: str, question: str) -> bool:
    if len(name) < (_SHORTEST_SOURCE if name.isascii() else 2):
        return False
    at = question.find(name)
    if at < 0 or not name.isascii():
        return at >= 0
    end = at + len(name)
    return (
        not (question[at - 1 : at].isalnum() and question[at - 1].isascii()) and not question[end : end + 1].isalnum()
    )
