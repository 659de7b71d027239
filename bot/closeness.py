"""Which hits of a search are worth showing: a list of the least bad ones says less than that nothing is close. Pure."""

from __future__ import annotations

from datetime import datetime

from generation.reading.terms import background, terms
from retrieval.search.query import subject, understand
from storage.domain.news import Filters, Hit

LEAST_SIMILARITY = 0.25
"""Cosine below which a passage that shares no telling word with a query is left out.

Measured with the shipped encoder, 2026-11-22: of 506 pairs of an English question and an article it is about
(multihoprag) 6 were farther, of 200 Chinese ones (crud_zh) 2; of 18 queries about nothing in the news the first hit
among 438 articles was farther for 17, the tenth for all.
"""


# What turns a Chinese sentence into a question.
_PARTICLES = frozenset("吗呢吧啊么呀")
# A word that tells less stands in articles about anything.
_TELLING = 0.5


def close(query: str, hits: tuple[Hit, ...], now: datetime) -> tuple[Hit, ...]:
    """Those of `hits` that share a word with `query` that tells something, or are near to it in meaning.

    All of them where the query, asked at `now`, asks for the news of a time and names nothing that they are about.
    """
    text = understand(query, Filters(), now).text
    if not any(background(term) >= _TELLING for term in terms(subject(text))):
        return hits
    telling = {term for term in terms(text) if background(term)}
    return tuple(hit for hit in hits if _near(hit) or not telling.isdisjoint(_words(hit)))


def says_nothing(query: str) -> bool:
    """Whether every word of `query` is one that nearly all texts hold, so that no text is meant by it."""
    return not any(background(term) for term in terms(query) if term not in _PARTICLES)


def _near(hit: Hit) -> bool:
    return hit.similarity is not None and hit.similarity >= LEAST_SIMILARITY


def _words(hit: Hit) -> list[str]:
    return terms(f"{hit.passage.headline.title}\n{hit.passage.text}")
