"""What makes one hit more welcome than another that matches as well: its time, its source, what it quotes. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

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
# Shorter names stand in too many questions that do not mean them.
_SHORTEST_SOURCE = 3
_FRONT = ("www.", "m.", "edition.", "en.")


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
    phrases = 0.0
    if query.phrases:
        held = f"{headline.title}\n{passage.text}".casefold()
        phrases = sum(phrase.casefold() in held for phrase in query.phrases) / len(query.phrases)
    return Signals(
        freshness=_freshness(published, now, half_life) if published else 0.0,
        recent=_freshness(published, now, _RECENT) if published else 0.0,
        around=float(published is not None and any(_around(published, each) for each in query.around)),
        source=float(_mentioned(headline, query.folded)),
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
