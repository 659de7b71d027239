"""From scored candidates to hits: one article of each group, a few passages of it, breadth where wanted. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.ports import Candidate
from retrieval.search.diversify import diverse
from storage.domain.news import ArticleId, Hit, SearchRequest

# What a request for breadth chooses from, in multiples of what it wants.
_CHOICE = 4


def select(request: SearchRequest, candidates: Sequence[Candidate], scores: Sequence[float]) -> tuple[Hit, ...]:
    """The best by `scores`, at most k, one article of each group, `per_article` passages of each."""
    ranked = sorted(zip(candidates, scores, strict=True), key=lambda scored: -scored[1])
    wanted = request.k if not request.breadth else request.k * _CHOICE
    chosen: dict[ArticleId, tuple[ArticleId, int]] = {}
    hits: list[Hit] = []
    for candidate, score in ranked:
        if len(hits) == wanted:
            break
        headline = candidate.passage.headline
        article, taken = chosen.get(headline.group, (headline.id, 0))
        if article == headline.id and taken < request.per_article:
            chosen[headline.group] = (article, taken + 1)
            hits.append(
                Hit(passage=candidate.passage, score=score, similarity=candidate.similarity, bm25=candidate.bm25)
            )
    return tuple(hits) if not request.breadth else diverse(hits, request.k, request.breadth)
